// Runs examples/cloudflare-queues as its user does, with `wrangler dev`: 10 000 events while one request in twenty fails.
import assert from "node:assert/strict"
import { once } from "node:events"
import { cp, readdir, readFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import { json } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"

import { describeServer } from "../../programs/demo/target.mjs"
import { copyExample, startWrangler, writeVariables } from "../../programs/projects.mjs"
import { readVersion, runCases, waitUntilDeadline } from "../projects.mjs"
import { installTools } from "../tools.mjs"

const mebibyte = 2 ** 20
/** How much the memory of a process may rise, as in the tests of endurance: V8's young generation grows to three times 16 MiB. */
const slack = 48 * mebibyte

const eventCount = 10_000
const eventsEach = 500
/** Passes the shallow checks of the producer; `publish` refuses it. */
const isInvalid = (number) => number % 1000 === 999
const makeEvent = (number) => ({
  channel: isInvalid(number) ? "no channel" : `channel-${number % 300}`,
  name: "event",
  data: number,
})
/** Events that the server always refuses for now, so that the queue tries them until it gives up. */
const busyEvents = Array.from({ length: 30 }, (_, number) => ({ channel: "busy", name: "event", data: number }))

/** What becomes of each twentieth request. The client retries it after the short wait, and leaves the long one to the queue. */
const faults = [
  { status: 500, body: "no" },
  { status: 429, headers: { "retry-after": "0" }, body: "slow down" },
  { reset: true },
  { status: 429, headers: { "retry-after": "6" }, body: "slow down" },
]

export default {
  name: "Cloudflare Queues, with wrangler dev",
  group: "Runtimes",
  async run({ folder, channels }) {
    const letters = []
    const collector = createServer(async (request, response) => {
      letters.push(...(await json(request)))
      response.end("OK")
    }).listen(0, "127.0.0.1")
    await once(collector, "listening")
    const root = await prepareProject(folder, channels, `http://127.0.0.1:${collector.address().port}`)
    let posts = 0
    const restore = channels.intercept(({ body }) => {
      if (body.includes('"busy"')) return { status: 429, headers: { "retry-after": "0" }, body: "slow down" }
      posts++
      return posts % 20 === 0 ? faults[(posts / 20) % faults.length] : undefined
    })
    const { match, pid, stop } = await startDevelopment(root)
    try {
      return {
        version: readVersion(await installTools("runtimes"), "wrangler"),
        ...(await runCases(makeCases({ origin: match[1], group: pid, channels, letters }))),
      }
    } finally {
      restore()
      await stop()
      collector.closeAllConnections()
      collector.close()
    }
  },
}

/** Copies the example, and adds a consumer of its dead-letter queue. Resolves to its folder. */
async function prepareProject(folder, channels, lettersUrl) {
  const root = await copyExample("cloudflare-queues", folder)
  await cp(join(import.meta.dirname, "../queues"), join(root, "dead-letters"), { recursive: true })
  await writeVariables(join(root, "consumer"), describeServer(channels))
  await writeVariables(join(root, "dead-letters"), { LETTERS_URL: lettersUrl })
  return root
}

/** Starts the example's own command, with the consumer of dead letters. */
async function startDevelopment(root) {
  const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"))
  const [, , ...args] = scripts.dev.split(" ")
  return startWrangler(root, ...args, "-c", "dead-letters/wrangler.json")
}

function makeCases({ origin, group, channels, letters }) {
  const post = async (body) => {
    const response = await fetch(`${origin}/events`, { method: "POST", body })
    return { status: response.status, answer: await response.json() }
  }
  const postEvents = async (events) => {
    const { status, answer } = await post(JSON.stringify(events))
    assert.deepEqual({ status, answer }, { status: 202, answer: { queued: [].concat(events).length } })
  }
  const getTaken = () =>
    channels.requests
      .filter(({ method, response }) => method === "POST" && response?.status === 200)
      .flatMap(({ body }) => JSON.parse(body).batch ?? [JSON.parse(body)])
  return {
    "refuses what can be no event": async () => {
      const refused = [
        ["{", /^Event 0: it must be an object$/],
        ["null", /object/],
        ["[[]]", /object/],
        ['{"channel":"a"}', /^Event 0: it needs a name$/],
        ['[{"channel":"a","name":"event"},{"name":"event"}]', /^Event 1: it needs a channel, channels or a userId$/],
        [JSON.stringify({ channel: "a", name: "event", data: "x".repeat(128_000) }), /larger than a message/],
      ]
      for (const [body, words] of refused) {
        const { status, answer } = await post(body)
        assert.equal(status, 400, body.slice(0, 100))
        assert.match(answer.error, words)
      }
      assert.equal((await fetch(`${origin}/events`)).status, 404)
      assert.equal((await fetch(origin, { method: "POST", body: "{}" })).status, 404)
    },
    "publishes one event": async () => {
      await postEvents({ channel: "alone", name: "event", data: "one" })
      await waitUntil("the event", () => getTaken().some(({ data }) => data === "one"))
    },
    "splits what is too large for one batch of the queue": async () => {
      const large = Array.from({ length: 10 }, () => ({
        channel: "too-large",
        name: "event",
        data: "x".repeat(100_000),
      }))
      await postEvents(large)
      // Each is larger than `publish` lets an event be, and thus a dead letter at once.
      await waitUntil("the dead letters", () => letters.filter(({ channel }) => channel === "too-large").length >= 10)
      assert.deepEqual(
        letters.filter(({ channel }) => channel === "too-large"),
        large,
      )
    },
    "publishes each of 10 000 events, or gives it up if it is not valid": async () => {
      for (let first = 0; first < eventCount; first += eventsEach) {
        await postEvents(Array.from({ length: eventsEach }, (_, at) => makeEvent(first + at)))
      }
      const samples = []
      const numbersOf = (events) =>
        new Set(events.filter(({ channel }) => /^channel-|^no channel/.test(channel)).map(({ data }) => Number(data)))
      let taken, given
      await waitUntil("the events", async () => {
        samples.push(await measureMemory(group))
        taken = numbersOf(getTaken())
        given = numbersOf(letters)
        return taken.size + given.size >= eventCount
      })
      const all = Array.from({ length: eventCount }, (_, number) => number)
      assert.deepEqual(
        [...given].sort((one, other) => one - other),
        all.filter(isInvalid),
      )
      assert.deepEqual(
        [...taken].sort((one, other) => one - other),
        all.filter((number) => !isInvalid(number)),
      )
      const half = Math.floor(samples.length / 2)
      const [before, after] = [samples.slice(0, half), samples.slice(half)].map((part) => Math.max(...part))
      assert.ok(after <= before + slack, `the memory of workerd grows from ${before} to ${after} bytes`)
    },
    "gives up an event that the server never takes": async () => {
      await postEvents(busyEvents)
      await waitUntil("the dead letters", () => letters.filter(({ channel }) => channel === "busy").length >= 30)
      assert.deepEqual(
        letters.filter(({ channel }) => channel === "busy").sort((one, other) => one.data - other.data),
        busyEvents,
      )
    },
  }
}

const waitUntil = (what, isThere) =>
  waitUntilDeadline(
    what,
    (async () => {
      while (!(await isThere())) await sleep(100)
    })(),
  )

/** Returns the resident memory of workerd in a process group, in bytes. */
async function measureMemory(group) {
  let bytes = 0
  for (const id of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    // It may have ended meanwhile.
    const [stat, statm] = await Promise.all(
      ["stat", "statm"].map((file) => readFile(`/proc/${id}/${file}`, "utf8").catch(() => "")),
    )
    const [, name, rest = ""] = /^\d+ \((.*)\) (.*)/.exec(stat) ?? []
    if (name === "workerd" && Number(rest.split(" ")[2]) === group) bytes += Number(statm.split(" ")[1]) * 4096
  }
  assert.notEqual(bytes, 0, "workerd was not found")
  return bytes
}
