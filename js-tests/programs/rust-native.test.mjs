// Builds examples/rust-native with the packed crate, as a user would with the one from crates.io, and runs it.
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { copyFile, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { promisify } from "node:util"

import { startLocalChannels } from "../local-channels/index.mjs"
import { Subscriber } from "../real/subscriber.mjs"
import { makeClientSettings } from "../real/targets.mjs"
import { copyExample } from "./projects.mjs"

const execute = promisify(execFile)
const root = join(import.meta.dirname, "../..")
// Kept, so that dependencies are built once.
const target = join(root, "target/rust-native")

let folder
let server
let url
before(async () => {
  server = await startLocalChannels()
  const [{ id, key, secret }] = server.apps
  url = `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`
  folder = await mkdtemp(join(tmpdir(), "pusher-http-wasm-"))
  const packing = ["package", "--no-verify", "--allow-dirty", "--locked", "--quiet", "--target-dir", target]
  await execute("cargo", packing, { cwd: root })
  const { version } = JSON.parse((await execute("cargo", ["read-manifest"], { cwd: root })).stdout)
  const crate = `pusher-http-wasm-${version}`
  await execute("tar", ["-xzf", join(target, `package/${crate}.crate`), "-C", folder])
  await copyExample("rust-native", folder)
  await copyFile(
    join(import.meta.dirname, "../packaging/rust-native/Cargo.lock"),
    join(folder, "rust-native/Cargo.lock"),
  )
  const patch = `patch.crates-io.pusher-http-wasm.path=${JSON.stringify(join(folder, crate))}`
  const building = ["build", "--locked", "--quiet", "--target-dir", target, "--config", patch]
  // Without debug information, the folder has half the size.
  const env = { ...process.env, CARGO_PROFILE_DEV_DEBUG: "0" }
  await execute("cargo", building, { cwd: join(folder, "rust-native"), env })
})
after(async () => {
  await server?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const run = (env) => execute(join(target, "debug/pusher-http-wasm-example-rust-native"), { env })

test("is formatted like the crate", async () => {
  const options = ["--check", "--edition", "2024", "--config-path", join(root, "rustfmt.toml")]
  await execute("rustfmt", [...options, join(folder, "rust-native/src/main.rs")])
})

test("triggers its event and counts users", async (t) => {
  const client = new Subscriber({ ...makeClientSettings(url), deadline: 20_000 })
  t.after(() => client.close())
  await client.waitForConnection()
  await client.subscribe("my-channel")
  const { stdout, stderr } = await run({ PUSHER_URL: url })
  assert.deepEqual({ stdout, stderr }, { stdout: "triggered\n", stderr: "" })
  const { data } = await client.inbox.find(({ kind, event }) => kind === "event" && event === "my-event", {
    deadline: 20_000,
  })
  assert.deepEqual(data, { message: "Hello from Rust" })
  assert.deepEqual(
    server.requests.map(({ method, path, params, headers, response }) => ({
      method,
      path,
      prefix: params.filter_by_prefix,
      type: headers["content-type"],
      library: headers["x-pusher-library"].split(" ")[0],
      status: response.status,
    })),
    [
      { method: "POST", path: "/apps/app-id/events", prefix: undefined, type: "application/json" },
      { method: "GET", path: "/apps/app-id/channels", prefix: "presence-", type: undefined },
    ].map((request) => ({ ...request, library: "pusher-http-wasm", status: 200 })),
  )
})

test("prints the users of presence channels", async (t) => {
  t.after(
    server.intercept(({ method }) =>
      method === "GET" ? { status: 200, body: { channels: { "presence-lobby": { user_count: 2 } } } } : undefined,
    ),
  )
  assert.equal((await run({ PUSHER_URL: url })).stdout, "triggered\npresence-lobby: 2 users\n")
})

test("says what went wrong, without the signature", async (t) => {
  for (const [fault, words] of [
    [{ status: 403, body: "over quota" }, /^Error: "Unexpected status code 403: over quota"\n$/],
    [{ reset: true }, /^Error: reqwest::Error/],
  ]) {
    const undo = server.intercept(() => fault)
    t.after(undo)
    const { code, stdout, stderr } = await run({ PUSHER_URL: url }).catch((error) => error)
    undo()
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" })
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /signature|app-secret/)
  }
  const { code, stderr } = await run({}).catch((error) => error)
  assert.equal(code, 1)
  assert.match(stderr, /PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET/)
})
