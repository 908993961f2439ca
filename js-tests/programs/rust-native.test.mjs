// Builds examples/rust-native with the packed crate, as a user would with the one from crates.io, and runs it.
import assert from "node:assert/strict"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { Subscriber } from "../real/subscriber.mjs"
import { makeClientSettings } from "../real/targets.mjs"
import { checkFormat, execute, prepareCrateExample } from "./crates.mjs"

let example
let server
let url
before(async () => {
  server = await startLocalChannels()
  const [{ id, key, secret }] = server.apps
  url = `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`
  example = await prepareCrateExample("rust-native")
  await execute("cargo", ["build", "--locked", "--quiet"], { cwd: example.folder, env: example.env })
})
after(async () => {
  await server?.close()
  await example?.remove()
})

const run = (env = { PUSHER_URL: url }) => execute(join(example.target, "debug/channels-from-rust"), { env })
const runFailing = (env) => run(env).catch(({ code, stdout, stderr }) => ({ code, stdout, stderr }))

const said =
  'triggered\noccupied channels: {"channels":{}}\n' +
  '{"auth":"app-key:eac53072418f048540e99a8514ba31f8f84de872c812c2511c014ab7da4cd25f"}\n'

test("is formatted like the crate", () => checkFormat(join(example.folder, "src/main.rs")))

test("publishes, asks and authorises", async (t) => {
  const client = new Subscriber({ ...makeClientSettings(url), deadline: 60_000 })
  t.after(() => client.close())
  await client.waitForConnection()
  await client.subscribe("my-channel")
  const { stdout, stderr } = await run()
  assert.deepEqual({ stdout, stderr }, { stdout: said.replace("{}", '{"my-channel":{}}'), stderr: "" })
  const { data } = await client.inbox.find(({ kind, event }) => kind === "event" && event === "my-event", {
    deadline: 60_000,
  })
  assert.deepEqual(data, { message: "Hello from Rust" })
  assert.deepEqual(
    server.requests.map(({ method, path, headers, response }) => ({
      method,
      path,
      type: headers["content-type"],
      library: headers["x-pusher-library"].split(" ")[0],
      status: response.status,
    })),
    [
      { method: "POST", path: "/apps/app-id/events", type: "application/json" },
      { method: "GET", path: "/apps/app-id/channels", type: undefined },
    ].map((request) => ({ ...request, library: "pusher-http-wasm", status: 200 })),
  )
})

test("retries what was not published, and nothing else", async (t) => {
  for (const [fault, isRetried] of [
    [{ status: 429, body: "too many" }, true],
    [{ status: 503, headers: { "retry-after": "0" }, body: "busy" }, true],
    [{ status: 500, body: "broken" }, false],
    [{ reset: true }, false],
  ]) {
    const before = server.requests.length
    let count = 0
    const undo = server.intercept(() => (count++ === 0 ? fault : undefined))
    t.after(undo)
    const { code = 0, stdout } = await runFailing()
    undo()
    assert.equal(code, isRetried ? 0 : 1)
    assert.equal(stdout, isRetried ? said : "")
    assert.equal(server.requests.slice(before).length, isRetried ? 3 : 1)
  }
})

test("says what went wrong, without the signature or the secret", async (t) => {
  for (const [fault, words] of [
    [{ status: 403, body: "over quota" }, /^Unexpected status code 403\. The app is disabled .*\(over quota\)\n$/],
    [{ status: 401, body: "you sent 1234" }, /^Unexpected status code 401\. Check `key`, `secret`[^(]*\([^(]*\)\.\n$/],
    [{ reset: true }, /^Request failed with an error \(error sending request\)\n$/],
  ]) {
    const undo = server.intercept(() => fault)
    t.after(undo)
    const { code, stdout, stderr } = await runFailing()
    undo()
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" })
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /signature|app-secret|1234/)
  }
  const { code, stderr } = await runFailing({})
  assert.equal(code, 1)
  assert.match(stderr, /PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET/)
})
