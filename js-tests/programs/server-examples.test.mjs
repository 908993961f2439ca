// Runs the examples that are servers, each as a user would, with pusher-js as the client of its endpoints.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { readFile, symlink } from "node:fs/promises"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { esbuild } from "../../tools/packages.mjs"
import { copyTools, run, serve } from "../packaging/projects.mjs"
import { installTools } from "../packaging/tools.mjs"
import { Subscriber } from "../real/subscriber.mjs"
import { makeClientSettings } from "../real/targets.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { describeServer } from "./demo/target.mjs"
import { copyExample, startWrangler, writeVariables } from "./projects.mjs"

const DEADLINE = 60_000
const gateway = join(import.meta.dirname, "../packaging/frameworks/lambda/adapter-gateway.mjs")

let installed
let channels
before(async () => {
  installed = await installPacked()
  channels = await startLocalChannels()
  const frameworks = await installTools("frameworks")
  for (const name of ["express", "hono"]) {
    await symlink(join(frameworks, name), join(installed.folder, "node_modules", name), "dir")
  }
})
after(async () => {
  await channels?.close()
  await installed?.remove()
})

const start = (folder, command, ...args) =>
  serve(command, args, {
    cwd: folder,
    env: { ...describeServer(channels), PORT: "0", DENO_NO_UPDATE_CHECK: "1", NEXT_TELEMETRY_DISABLED: "1" },
    ready: /(http:\/\/127\.0\.0\.1:[1-9]\d*)/,
  })

const deno = ["run", "--quiet", "--no-remote", "--node-modules-dir=manual", "--cached-only", "--no-prompt"]
const servers = {
  "node-http": (folder) => start(folder, process.execPath, "server.js"),
  express: (folder) => start(folder, process.execPath, "server.js"),
  "deno-serve": (folder) => start(folder, bin("deno"), ...deno, "--allow-net=127.0.0.1", "--allow-env", "server.js"),
  "bun-serve": (folder) => start(folder, bin("bun"), "server.js"),
  async hono(folder) {
    await writeVariables(folder, describeServer(channels))
    return startWrangler(folder)
  },
}
for (const [name, startServer] of Object.entries(servers)) {
  test(`examples/${name}`, async (t) => {
    const server = await startServer(await copyExample(name, installed.folder))
    t.after(() => server.stop())
    await exercise(t, server, server.match[1])
  })
}

test("examples/lambda, as its build script bundles it", async (t) => {
  const folder = await copyExample("lambda", installed.folder)
  const { scripts } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const [, , ...flags] = scripts.build.split(" ")
  const options = Object.fromEntries(flags.map((flag) => flag.slice(2).split("=")))
  assert.deepEqual(Object.keys(options), ["bundle", "minify", "platform", "target", "format", "outfile"])
  await esbuild.build({
    ...options,
    absWorkingDir: folder,
    entryPoints: ["handler.js"],
    bundle: true,
    minify: true,
    logLevel: "error",
  })
  for (const version of ["1.0", "2.0"]) {
    await t.test(`events of format ${version}`, async (st) => {
      const env = describeServer(channels)
      const args = [gateway, join(folder, options.outfile), version]
      const server = await serve(process.execPath, args, { cwd: folder, env, ready: /listening on (\d+)/ })
      st.after(() => server.stop())
      await exercise(st, server, `http://127.0.0.1:${server.match[1]}`)
    })
  }
})

test("examples/next-app", async (t) => {
  // Turbopack follows no link out of the project, so its packages are copied.
  const own = await installPacked()
  t.after(() => own.remove())
  const folder = await copyExample("next-app", own.folder)
  await copyTools("vercel", own.folder)
  const next = join(own.folder, "node_modules/next/dist/bin/next")
  await run(process.execPath, [next, "build"], { cwd: folder, env: { NEXT_TELEMETRY_DISABLED: "1" } })
  const server = await start(folder, process.execPath, next, "start", "--hostname", "127.0.0.1", "--port", "0")
  t.after(() => server.stop())
  const base = server.match[1]
  assert.match(await (await fetch(base)).text(), /to \/api\/messages/)
  await exercise(t, server, `${base}/api`)
})

test("the servers with functions of a Request have the same ones", async () => {
  const read = (name) => readFile(join(import.meta.dirname, "../../examples", name, "channels.js"), "utf8")
  const wanted = await read("node-http")
  for (const name of ["express", "deno-serve", "bun-serve", "lambda", "next-app"]) {
    assert.equal(await read(name), wanted, name)
  }
})

async function exercise(t, server, base) {
  const [{ id, key, secret }] = channels.apps
  const url = `http://${key}:${secret}@${channels.host}:${channels.port}/apps/${id}`
  const post = async (path, body, headers) => {
    const response = await fetch(`${base}${path}`, { method: "POST", body, headers })
    return { status: response.status, answer: await response.json() }
  }
  const postMessage = (message) => post("/messages", JSON.stringify(message), { "content-type": "application/json" })
  const subscribe = async (user, channel) => {
    const { key, options } = makeClientSettings(url)
    const channelAuthorization = { endpoint: `${base}/pusher/auth`, transport: "ajax", params: user && { user } }
    const client = new Subscriber({ key, options: { ...options, channelAuthorization }, deadline: DEADLINE })
    t.after(() => client.close())
    await client.waitForConnection()
    return { client, ...(await client.subscribe(channel)) }
  }

  const { client, subscribed, data } = await subscribe("Ada", "presence-chat")
  assert.ok(subscribed)
  assert.deepEqual({ me: data.me, count: data.count }, { me: { id: "ada", info: { name: "Ada" } }, count: 1 })
  assert.deepEqual(await postMessage({ text: "Hello" }), { status: 202, answer: { sent: true } })
  const entry = await client.inbox.find(({ kind, event }) => kind === "event" && event === "message", {
    deadline: DEADLINE,
  })
  assert.deepEqual(entry?.data, { text: "Hello" })
  client.close()
  assert.ok((await subscribe("Ada", "private-chat")).subscribed)

  for (const [user, channel] of [
    [undefined, "private-chat"],
    [undefined, "presence-chat"],
    ["not a name", "presence-chat"],
    ["Ada", "private-other"],
  ]) {
    const { subscribed, reason } = await subscribe(user, channel)
    assert.deepEqual({ subscribed, status: JSON.parse(reason).status }, { subscribed: false, status: 403 })
  }

  const mistake = { status: 400, answer: { error: "The body must be JSON with a text" } }
  for (const message of [null, {}, { text: 1 }, { text: "" }]) assert.deepEqual(await postMessage(message), mistake)
  assert.deepEqual(await post("/messages", "{"), mistake)
  const tooLong = { status: 413, answer: { error: "The message is too long" } }
  assert.deepEqual(await postMessage({ text: "x".repeat(20_000) }), tooLong)
  const undo = channels.intercept(() => ({ status: 500, body: "over quota" }))
  const failure = { status: 502, answer: { error: "Channels did not take the message" } }
  assert.deepEqual(await postMessage({ text: "Hello" }), failure)
  undo()
  for (const path of ["/", "/constructor", "/pusher"]) {
    assert.equal((await fetch(`${base}${path}`)).status, 404, path)
  }
  for (const path of ["/messages", "/pusher/auth"]) {
    const { status } = await fetch(`${base}${path}`)
    assert.ok([404, 405].includes(status), `${path}: ${status}`)
  }

  const event = { name: "channel_occupied", channel: `webhook-${Math.random()}` }
  const body = JSON.stringify({ time_ms: Date.now(), events: [event] })
  const sign = (text) => ({
    "content-type": "application/json",
    "x-pusher-key": key,
    "x-pusher-signature": createHmac("sha256", secret).update(text).digest("hex"),
  })
  assert.equal((await post("/pusher/webhook", body, sign(`${body} `))).status, 401)
  const line = `webhook ${JSON.stringify(event)}`
  assert.ok(!server.output().includes(line))
  assert.equal((await post("/pusher/webhook", body, sign(body))).status, 200)
  // What it has printed may still be on its way.
  for (const end = Date.now() + DEADLINE; !server.output().includes(line) && Date.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.ok(server.output().includes(line), server.output())
}
