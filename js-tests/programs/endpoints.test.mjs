// docs/endpoints.md: each endpoint by hand and with the package's handlers. Both give the same answers, and take as many lines as the pages about them say.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { installPacked } from "../support/packed.mjs"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/endpoints.md"), "utf8")
const programs = Object.fromEntries(
  [...page.matchAll(/^```js (\S+)\n(.*?)^```$/gms)].map(([, name, program]) => [name, program]),
)
const key = "test-key"
const secret = "test-secret"
const env = { PUSHER_URL: `https://${key}:${secret}@api.example/apps/1` }

/** What the programs import of the application. */
const APP = `
const kept = new Set()
export const calls = []
export const findUser = async (request) =>
  request.headers.get("cookie") === "user=alice" ? { id: "alice", name: "Alice", rooms: ["private-a", "presence-a"] } : undefined
export const greet = (event) => { calls.push(event) }
export const keep = (event) => { if (event.data === "fail") throw new Error("the test's own"); calls.push(event) }
export const store = { has: (name) => kept.has(name), add: (name) => { kept.add(name) } }
`

let installed
const modules = {}
before(async () => {
  installed = await installPacked()
  for (const [name, program] of Object.entries(programs)) {
    // An application of its own for each, so that they share no store.
    const file = name.replace("/", "-")
    writeFileSync(join(installed.folder, `app-${file}.js`), APP)
    writeFileSync(join(installed.folder, `${file}.js`), program.replace("./app.js", `./app-${file}.js`))
    const { fetch } = (await import(join(installed.folder, `${file}.js`))).default
    const { calls } = await import(join(installed.folder, `app-${file}.js`))
    modules[name] = { fetch, calls }
  }
})
after(() => installed.remove())

const readAnswer = async (response) => ({
  status: response.status,
  allow: response.headers.get("allow"),
  caching: response.headers.get("cache-control"),
  vary: response.headers.get("vary"),
  origin: response.headers.get("access-control-allow-origin"),
  methods: response.headers.get("access-control-allow-methods"),
  allowedHeaders: response.headers.get("access-control-allow-headers"),
  // The two word their errors differently.
  body: response.ok ? await response.text() : undefined,
})

/** Sends the same requests to both, and returns the statuses, for which both answers are the same. */
const compare = async (t, endpoint, requests) => {
  t.mock.method(console, "error", () => {})
  const statuses = []
  for (const make of requests) {
    const byHand = await readAnswer(await modules[`by-hand/${endpoint}`].fetch(make(), env))
    const byHandler = await readAnswer(await modules[`handler/${endpoint}`].fetch(make(), env))
    assert.deepEqual(byHandler, byHand)
    statuses.push(byHand.status)
  }
  return statuses
}

test("both endpoints for subscriptions give the same answers", async (t) => {
  const ask =
    (body, { headers, method = "POST" } = {}) =>
    () =>
      new Request("http://localhost/pusher/auth", {
        method,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          cookie: "user=alice",
          origin: "https://app.example",
          ...headers,
        },
        body: method === "POST" ? body : undefined,
      })
  const statuses = await compare(t, "auth", [
    ask("socket_id=1.2&channel_name=private-a"),
    ask("socket_id=1.2&channel_name=presence-a"),
    ask("socket_id=1.2&channel_name=private-a", { headers: { origin: "https://other.example" } }),
    ask("socket_id=1.2&channel_name=private-b"),
    ask("socket_id=1.2&channel_name=private-a", { headers: { cookie: "user=bob" } }),
    ask("socket_id=1.2&channel_name=public"),
    ask("socket_id=1.2&channel_name=private-a%3Ab"),
    ask("socket_id=x&channel_name=private-a"),
    ask("channel_name=private-a"),
    ask(""),
    ask("a".repeat(65_537)),
    ask("{", { headers: { "content-type": "text/plain" } }),
    ask("", { method: "GET" }),
    ask("", { method: "OPTIONS" }),
    ask("", { method: "OPTIONS", headers: { origin: "https://other.example" } }),
  ])
  assert.deepEqual(statuses, [200, 200, 200, 403, 403, 400, 400, 400, 400, 400, 413, 415, 405, 204, 204])
})

test("both endpoints for webhooks give the same answers, and call the same callbacks", async (t) => {
  const send = (events, { age = 0, signedWith = secret, method = "POST" } = {}) => {
    const body = JSON.stringify({ time_ms: Date.now() - age, events })
    const headers = {
      "content-type": "application/json",
      "x-pusher-key": key,
      "x-pusher-signature": createHmac("sha256", signedWith).update(body).digest("hex"),
    }
    return () =>
      new Request("http://localhost/webhooks", { method, headers, body: method === "POST" ? body : undefined })
  }
  const joined = { name: "member_added", channel: "presence-a", user_id: "alice" }
  const said = { name: "client_event", channel: "private-a", event: "client-x", data: '{"text":"hello"}' }
  const sealed = { name: "client_event", channel: "private-encrypted-a", event: "client-x", data: "{}" }
  const failing = { ...said, data: '"fail"' }
  const twice = send([joined, said])
  const statuses = await compare(t, "webhook", [
    twice,
    twice,
    send([]),
    send([{ name: "channel_occupied", channel: "a" }, sealed, joined]),
    send([failing, said]),
    send([joined], { signedWith: "another" }),
    send([joined], { age: 700_000 }),
    send([joined], { method: "GET" }),
  ])
  assert.deepEqual(statuses, [200, 200, 200, 200, 500, 401, 400, 405])
  // Only whether decryption failed: each error is an object of its own.
  const told = ({ calls }) => calls.map(({ error, ...event }) => ({ ...event, hasError: error !== undefined }))
  assert.deepEqual(told(modules["handler/webhook"]), told(modules["by-hand/webhook"]))
  assert.equal(told(modules["handler/webhook"]).length, 5)
})

test("the pages about authorising and webhooks tell how many lines each takes", () => {
  const read = (name) => readFileSync(join(root, `docs/${name}.md`), "utf8")
  const count = (name) => programs[name].split("\n").filter((line) => line.trim() !== "").length
  const lines = (endpoint) => `${count(`handler/${endpoint}`)} lines instead of ${count(`by-hand/${endpoint}`)}`
  assert.ok(read("authorising").includes(lines("auth")), lines("auth"))
  assert.ok(read("webhooks").includes(lines("webhook")), lines("webhook"))
})
