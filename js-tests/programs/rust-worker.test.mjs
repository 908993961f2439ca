// Builds examples/rust-worker as Cloudflare's tool does it, and runs it with `wrangler dev`.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { bin } from "../../tools/packages.mjs"
import { Subscriber } from "../real/subscriber.mjs"
import { makeClientSettings } from "../real/targets.mjs"
import { installPacked } from "../support/packed.mjs"
import { cache, checkFormat, execute, prepareCrateExample } from "./crates.mjs"
import { describeServer } from "./demo/target.mjs"
import { startWrangler, writeVariables } from "./projects.mjs"

/** The version of the crate `worker` in the lock file: both come out together. */
const WORKER_BUILD = "0.8.7"
const MASTER_KEY = Buffer.alloc(32, 7).toString("base64")
const DEADLINE = 60_000

let example
let installed
let pusher
let server
let url
let worker
before(async () => {
  installed = await installPacked()
  server = await startLocalChannels()
  const [{ id, key, secret }] = server.apps
  url = `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`
  const { forURL } = createRequire(join(installed.folder, "package.json"))("pusher-http-wasm")
  pusher = forURL(url, { encryptionMasterKeyBase64: MASTER_KEY })
  example = await prepareCrateExample("rust-worker")
  await build()
  await writeVariables(example.folder, {
    ...describeServer(server),
    PUSHER_ENCRYPTION_MASTER_KEY_BASE64: MASTER_KEY,
  })
  worker = await startWrangler(example.folder)
})
after(async () => {
  await worker?.stop()
  await server?.close()
  await example?.remove()
  await installed?.remove()
})

/** Builds with `worker-build`, which would otherwise download the tools that this repository has. */
async function build() {
  const tool = join(cache, `worker-build-${WORKER_BUILD}`)
  if (!existsSync(join(tool, "bin/worker-build"))) {
    await execute("cargo", ["install", "--quiet", "--locked", "--root", tool, `worker-build@${WORKER_BUILD}`])
  }
  const { stdout } = await execute("which", ["wasm-bindgen"])
  const env = {
    ...example.env,
    WASM_BINDGEN_BIN: stdout.trim(),
    WASM_OPT_BIN: bin("wasm-opt"),
    ESBUILD_BIN: bin("esbuild"),
  }
  await execute(join(tool, "bin/worker-build"), ["--release"], { cwd: example.folder, env })
  // Built already.
  const settings = join(example.folder, "wrangler.jsonc")
  writeFileSync(settings, readFileSync(settings, "utf8").replace(/^ *"build": .*\n/m, ""))
}

const post = (path, body, headers) => fetch(`${worker.match[1]}${path}`, { method: "POST", body, headers })
const trigger = (event) => post("/trigger", JSON.stringify(event), { "content-type": "application/json" })
const authorize = (params) => post("/pusher/auth", new URLSearchParams(params))

test("is formatted like the crate", () => checkFormat(join(example.folder, "src/lib.rs")))

test("publishes what it is asked to", async (t) => {
  const client = new Subscriber({ ...makeClientSettings(url), deadline: DEADLINE })
  t.after(() => client.close())
  await client.waitForConnection()
  await client.subscribe("news")
  const answer = await trigger({ channel: "news", event: "headline", data: { text: "Zoë" } })
  assert.deepEqual([answer.status, await answer.text()], [200, "sent"])
  const { data } = await client.inbox.find(({ kind, event }) => kind === "event" && event === "headline", {
    deadline: DEADLINE,
  })
  assert.deepEqual(data, { text: "Zoë" })
})

test("encrypts what is for an encrypted channel", async () => {
  const count = server.requests.length
  const channel = "private-encrypted-room"
  const event = { channel, event: "note", data: { text: "secret" } }
  for (let index = 0; index < 2; index++) assert.equal((await trigger(event)).status, 200)
  const sealed = server.requests.slice(count).map(({ body }) => JSON.parse(JSON.parse(body).data))
  assert.deepEqual(
    sealed.map((data) => pusher.decrypt(channel, data)),
    [{ text: "secret" }, { text: "secret" }],
  )
  assert.notEqual(sealed[0].nonce, sealed[1].nonce)
})

test("refuses what is not valid, and asks nobody", async () => {
  const count = server.requests.length
  for (const event of [{}, { channel: "a b", event: "e", data: 1 }, { channel: "a", event: "", data: 1 }]) {
    assert.equal((await trigger(event)).status, 400)
  }
  assert.equal((await trigger({ channel: "a", event: "e", data: "x".repeat(11_000) })).status, 502)
  assert.equal((await fetch(worker.match[1])).status, 405)
  assert.equal((await post("/elsewhere", "")).status, 404)
  assert.equal(server.requests.length, count + 1)
})

test("authorises pusher-js as the npm package does", async () => {
  const member = { user_id: "guest" }
  for (const [channel, data] of [["private-room"], ["presence-room", member], ["private-encrypted-room"]]) {
    const answer = await authorize({ socket_id: "1234.5678", channel_name: channel })
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), { ...pusher.authorizeChannel("1234.5678", channel, data) })
  }
  for (const [params, status] of [
    [{ socket_id: "1234.5678", channel_name: "news" }, 403],
    [{ socket_id: "1234.5678", channel_name: "private-a:b" }, 400],
    [{ socket_id: "1234", channel_name: "private-a" }, 400],
    [{ channel_name: "private-a" }, 400],
  ]) {
    assert.equal((await authorize(params)).status, status)
  }
})

test("takes webhooks of Channels, and nobody else's", async () => {
  const [{ key, secret }] = server.apps
  const send = (body, signed = body) =>
    post("/webhooks", body, {
      "content-type": "application/json",
      "x-pusher-key": key,
      "x-pusher-signature": createHmac("sha256", secret).update(signed).digest("hex"),
    })
  const webhook = JSON.stringify({ time_ms: 1, events: [{ name: "channel_occupied", channel: "news" }] })
  const answer = await send(webhook)
  assert.deepEqual([answer.status, await answer.json()], [200, { events: 1 }])
  assert.equal((await send(webhook, `${webhook} `)).status, 401)
  assert.equal((await send("{}")).status, 400)
  assert.equal((await post("/webhooks", webhook)).status, 401)
})
