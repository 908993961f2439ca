// Puts one runtime under load, and finds out what came of it.
import { createHmac } from "node:crypto"
import { createRequire } from "node:module"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

import { readLedger } from "./ledger.mjs"
import { phasesOf } from "./phases.mjs"
import { programs } from "./programs.mjs"
import { PROMISES } from "./promises.mjs"
import { Subscribers } from "./subscribers.mjs"
import { makeTally } from "./tally.mjs"
import { Upstream } from "./upstream.mjs"
import { WAYS } from "./ways.mjs"

const APP = { appId: "app-id", key: "app-key", secret: "app-secret" }
const MASTER_KEY = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
/** One call in fifty meets a fault; more, where not every way would come in the first half of the calls. */
const FAULT_EVERY = 50
/** Milliseconds in which events arrive, and connections end, after the last call. */
const PATIENCE = 60_000

/** Makes webhooks, one in three forged. */
const makeWebhooks = () =>
  Array.from({ length: 12 }, (_, number) => {
    const events = [{ name: "channel_occupied", channel: `room-${number}` }]
    const rawBody = JSON.stringify({ time_ms: number, events })
    const isValid = number % 3 > 0
    const secret = isValid ? APP.secret : "another"
    const signature = createHmac("sha256", secret).update(rawBody).digest("hex")
    const headers = { "content-type": "application/json", "x-pusher-key": APP.key, "x-pusher-signature": signature }
    return { headers, rawBody, isValid }
  })

/** @returns {import("./plan.mjs").Order} */
const makeOrder = ({ seed, count, inFlight }) => ({
  seed,
  count,
  inFlight,
  ways: WAYS,
  faultEvery: Math.max(1, Math.min(FAULT_EVERY, Math.floor((count * 0.5) / WAYS.length))),
  webhooks: makeWebhooks(),
  server: undefined,
})

const countAccepted = (entries) =>
  entries.flatMap(({ accepted = [] }) => accepted).reduce((sum, [, channels]) => sum + channels.length, 0)

/**
 * Runs everything against one runtime.
 *
 * @param {string} runtime
 * @param {{ folder: string, seed: number, count: number, inFlight: number, limit: number }} settings `folder`: with the packed package and
 *   these programs; `limit`: seconds that it may take
 */
export async function load(runtime, { folder, limit, ...settings }) {
  const order = makeOrder(settings)
  const path = join(folder, `${runtime}.ledger`)
  const upstream = new Upstream(order, path)
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(new Error(`it did not end within ${limit} seconds`)), limit * 1000)
  upstream.on("broken", (error) => ending.abort(error))
  /** @type {Map<number, import("./perform.mjs").Outcome>} */
  const outcomes = new Map()
  const [memory, begun, printed] = [[], [], new Set()]
  let subscribers
  let program
  try {
    await upstream.start()
    order.server = {
      ...APP,
      host: "127.0.0.1",
      port: upstream.port,
      useTLS: false,
      encryptionMasterKeyBase64: MASTER_KEY,
    }
    const Pusher = createRequire(join(folder, "package.json"))("pusher-http-wasm")
    subscribers = new Subscribers({ port: upstream.port, key: APP.key, client: new Pusher(order.server) })
    upstream.on("dying", () => subscribers.slow.resume())
    upstream.on("back", ({ resolve, reject }) => subscribers.reconnect().then(resolve, reject))
    await subscribers.ready()
    upstream.beReady()

    const phases = phasesOf(order.count)
    program = await programs[runtime](folder, order, {
      async begin(name) {
        const { from, to, ...phase } = phases.find((phase) => phase.name === name)
        await upstream.begin(phase, to - from)
        begun.push({ name, at: Date.now() })
      },
      note: (outcome) => outcomes.set(outcome.index, outcome),
      measured: (measured) => memory.push(measured),
      print: (line) => printed.add(line),
      signal: ending.signal,
    })
    ending.signal.throwIfAborted()
    const started = begun[0].at
    const calledFor = Date.now() - started

    const [page, bare, slow] = subscribers.all.map(({ inbox }) => inbox)
    const expected = () => countAccepted(readLedger(path))
    await until(async () => (await upstream.state()).exchanges === 0)
    await until(() => [page, bare].every(({ total }) => total === expected()))
    const others = Math.min(page.total, bare.total)
    const slowBefore = slow.total
    subscribers.slow.resume()
    await until(() => slow.total === expected())
    const arrivals = { others, slow: slow.total, slowBefore, expected: expected() }
    await until(async () => (await upstream.state()).connections === 0)
    const left = await upstream.state()

    const entries = readLedger(path)
    const tally = makeTally(order, { outcomes, entries, inboxes: subscribers.all, returns: upstream.returns })
    const run = { order, runtime, outcomes, tally, memory, upstream, left, exit: program.exit, arrivals, printed }
    const results = Object.entries(PROMISES).map(([name, check]) => ({ name, broken: check(run) }))
    const accepted = entries.filter((entry) => entry.accepted).map((entry) => [entry.at, countAccepted([entry])])
    const { deaths, returns } = upstream
    return { runtime, order, tally, memory, results, deaths, returns, started, calledFor, accepted, phases: begun }
  } catch (error) {
    // What was printed may tell why.
    for (const line of printed) console.error(line)
    throw error
  } finally {
    clearTimeout(timer)
    program?.stop()
    subscribers?.close()
    await upstream.stop()
  }
}

/** Waits until something holds, or for as long as nobody would wait any more. */
async function until(holds) {
  for (const end = Date.now() + PATIENCE; Date.now() < end && !(await holds()); ) await sleep(50)
}
