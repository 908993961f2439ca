import assert from "node:assert/strict"
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test } from "node:test"
import { promisify } from "node:util"

import { startLocalChannels } from "../../../pkg-template/testing/index.js"
import { DemoError } from "./errors.mjs"
import { runDemo } from "./run.mjs"
import { wantsToStay } from "./staying.mjs"

const require = createRequire(import.meta.url)

const WEBHOOKS = ["channel_occupied", "member_added", "member_removed", "channel_vacated"].map(
  (name) => `webhook ${name}`,
)
const STEPS = [
  "connections",
  ...["public", "private", "presence"].map((kind) => `subscriptions to the ${kind} channel`),
  "no entry to somebody else's channel",
  ...["Worker", "Node"].flatMap((publisher) =>
    ["public", "private", "presence"].map((kind) => `${publisher} → ${kind} channel`),
  ),
  "a batch of three events",
  "an excluded sender",
  "a channel query from the Worker",
  "a channel query from Node",
  ...WEBHOOKS.slice(0, 2),
  "a forged webhook refused",
  ...WEBHOOKS.slice(2),
]

/** The environment without the server that the person running the tests may have configured. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(PUSHER_|DEMO_PORT$|STAY$|OPEN$)/.test(name)),
)

function makeOutput() {
  const parts = []
  return { write: (text) => parts.push(text), text: () => parts.join("") }
}

async function startForeignServer(t, app = { id: "77", key: "their-key", secret: "their-secret" }) {
  const server = await startLocalChannels({ apps: [app], webhookRetryDelays: [] })
  t.after(() => server.close())
  const makeUrl = (secret) => `http://${app.key}:${secret}@${server.host}:${server.port}/apps/${app.id}`
  return { server, url: makeUrl(app.secret), makeUrl }
}

const listSteps = (result, status) => result.steps.filter((step) => step.status === status).map(({ name }) => name)

/** Starts `node demo.mjs`, by the command `wrapper` if there is one, with a temporary folder of its own. */
async function startCommand(t, variables, wrapper = []) {
  const temporary = await mkdtemp(join(tmpdir(), "demo-test-"))
  const [command, ...args] = [...wrapper, process.execPath, join(import.meta.dirname, "demo.mjs")]
  const child = spawn(command, args, {
    env: { ...env, TMPDIR: temporary, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const closed = once(child, "close")
  t.after(async () => {
    // Not SIGKILL, so that it ends its own processes.
    child.kill("SIGTERM")
    await closed
    await rm(temporary, { recursive: true, force: true })
  })
  let output = ""
  const waiting = new Set()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text
      for (const check of waiting) check()
    })
  }
  const waitForOutput = (pattern) =>
    new Promise((resolve, reject) => {
      const check = () => pattern.test(output) && resolve(pattern.exec(output))
      waiting.add(check)
      closed.then(() => reject(new Error(`it ended without saying ${pattern}:\n${output}`)))
      check()
    })
  const waitForEnd = async () => {
    const [code] = await closed
    return { code, output, left: await readdir(temporary) }
  }
  return { child, waitForOutput, waitForEnd }
}

test("completes every step against the embedded server", async () => {
  const out = makeOutput()
  const result = await runDemo({ env, out })
  assert.deepEqual(result.missing, [], out.text())
  assert.equal(result.ok, true)
  assert.deepEqual(listSteps(result, "done"), STEPS)
  assert.match(out.text(), /Everything arrived: 20 steps/)
  assert.ok(!out.text().includes("\x1b"), "no colours where there is no terminal")
})

test("prints colours only to terminals, and respects NO_COLOR", async () => {
  const { makeNarrator } = await import("./narrate.mjs")
  const print = (isTTY, variables) => {
    const out = Object.assign(makeOutput(), { isTTY })
    makeNarrator(out, variables).line("done", "label", "text", 5)
    return out.text()
  }
  assert.ok(print(true, {}).includes("\x1b[32m✓"))
  assert.ok(!print(true, { NO_COLOR: "1" }).includes("\x1b"))
  assert.ok(!print(false, {}).includes("\x1b"))
})

test("names the step that the server accepted but did not deliver", async () => {
  const out = makeOutput()
  const onServer = (server) =>
    server.intercept(({ path }) => (path.endsWith("/batch_events") ? { status: 200, body: {} } : undefined))
  const result = await runDemo({ env, out, onServer, patienceMs: 1000 })
  assert.equal(result.ok, false)
  assert.deepEqual(listSteps(result, "missing"), ["a batch of three events"])
  assert.deepEqual(result.missing, ["a batch of three events: Ada and Grace: nothing within 1.0 s"])
  assert.match(out.text(), /1 of 20 steps did not come through/)
})

test("notices a sender that is not left out", async () => {
  // Makes the server ignore socket_id.
  const onServer = ({ apps: [app] }) => {
    const publish = app.publish.bind(app)
    app.publish = (event) => publish({ ...event, socketId: undefined })
  }
  const result = await runDemo({ env, out: makeOutput(), onServer })
  assert.deepEqual(result.missing, ["an excluded sender: Ada received her own event"])
})

test("reports webhooks that never come as missing", async () => {
  const onServer = ({ apps: [app] }) => {
    app.webhooks = []
  }
  const result = await runDemo({ env, out: makeOutput(), onServer, patienceMs: 500 })
  assert.deepEqual(listSteps(result, "missing"), WEBHOOKS)
})

test("uses the server that PUSHER_URL names, without requiring webhooks from it", async (t) => {
  const { server, url } = await startForeignServer(t)
  const out = makeOutput()
  const result = await runDemo({ env: { ...env, PUSHER_URL: url }, out })
  assert.equal(result.ok, true, out.text())
  assert.deepEqual(listSteps(result, "left out"), WEBHOOKS)
  assert.deepEqual(
    listSteps(result, "done"),
    STEPS.filter((name) => !WEBHOOKS.includes(name)),
  )
  assert.ok(server.requests.length > 0)
  assert.match(out.text(), /let your server send webhooks to http:\/\/127\.0\.0\.1:\d+\/pusher\/webhook/)
})

test("uses the server that the app's variables name, and checks its webhooks if it knows the Worker's port", async (t) => {
  const { server } = await startForeignServer(t)
  const holder = await startLocalChannels()
  const port = holder.port
  await holder.close()
  server.apps[0].webhooks = [{ url: `http://127.0.0.1:${port}/pusher/webhook` }]
  const variables = {
    PUSHER_APP_ID: "77",
    PUSHER_KEY: "their-key",
    PUSHER_SECRET: "their-secret",
    PUSHER_HOST: server.host,
    PUSHER_PORT: String(server.port),
    PUSHER_SCHEME: "http",
    DEMO_PORT: String(port),
  }
  const out = makeOutput()
  const result = await runDemo({ env: { ...env, ...variables }, out })
  assert.deepEqual(listSteps(result, "done"), STEPS, out.text())
})

test("names the missing variables when only some are set", async () => {
  const half = { PUSHER_KEY: "key", PUSHER_CLUSTER: "eu" }
  await assert.rejects(runDemo({ env: half, out: makeOutput() }), (error) => {
    assert.ok(error instanceof DemoError)
    assert.match(error.message, /^PUSHER_KEY, PUSHER_CLUSTER are set, but PUSHER_APP_ID, PUSHER_SECRET are not/)
    return true
  })
})

test("exits with 1 and names the missing steps when the secret is wrong", async (t) => {
  const { makeUrl } = await startForeignServer(t)
  const { waitForEnd } = await startCommand(t, { PUSHER_URL: makeUrl("wrong") })
  const { code, output, left } = await waitForEnd()
  assert.equal(code, 1, output)
  assert.match(output, /✗ subscriptions to the private channel: Ada and Grace: refused/)
  assert.match(output, /✗ Worker → public channel: the Worker answered 502: Channels: Unexpected status code 401/)
  assert.match(output, /✗ Node → presence channel: Unexpected status code 401/)
  assert.deepEqual(left, [])
})

test("ends at once on Ctrl-C, with everything that it started", async (t) => {
  const { child, waitForOutput, waitForEnd } = await startCommand(t, {})
  const [, worker] = await waitForOutput(/workerd \S+ at (\S+)/)
  child.kill("SIGINT")
  const { code, left, output } = await waitForEnd()
  assert.equal(code, 130, output)
  assert.deepEqual(left, [])
  await assert.rejects(fetch(worker), "the Worker must have ended")
})

test("keeps the console until Ctrl-C with STAY", async (t) => {
  const { child, waitForOutput, waitForEnd } = await startCommand(t, { STAY: "1" })
  const [, page] = await waitForOutput(/The console is at (\S+) until/)
  const get = async (path) => (await fetch(`${page}${path}`)).text()
  assert.match(await get(""), /<title>Channels from a Worker<\/title>/)
  const pusherJs = await readFile(require.resolve("pusher-js/dist/web/pusher-with-encryption.min.js"), "utf8")
  assert.ok((await get("pusher.js")) === pusherJs, "pusher-js is served unchanged")
  const { key, options } = JSON.parse(await get("settings"))
  assert.equal(key, "app-key")
  assert.equal(options.wsHost, "127.0.0.1")
  child.kill("SIGINT")
  const { code, left, output } = await waitForEnd()
  assert.equal(code, 0, output)
  assert.deepEqual(left, [])
})

test("keeps the console until Ctrl-C on a terminal, and opens it with OPEN", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "demo-test-"))
  t.after(() => rm(folder, { recursive: true }))
  const [browser, opened] = [join(folder, "browser"), join(folder, "opened")]
  // A pipe: reading it waits for the browser.
  await promisify(execFile)("mkfifo", [opened])
  await writeFile(browser, `#!/bin/sh\necho "$1" > "${opened}"\n`, { mode: 0o755 })
  const terminal = ["python3", join(import.meta.dirname, "../cli-terminal.py")]
  const { child, waitForOutput, waitForEnd } = await startCommand(t, { OPEN: "1", BROWSER: browser, CI: "" }, terminal)
  const [, page] = await waitForOutput(/The console is at (\S+) until/)
  assert.equal(await readFile(opened, "utf8"), `${page}\n`)
  child.kill("SIGINT")
  const { code, left, output } = await waitForEnd()
  assert.equal(code, 0, output)
  assert.deepEqual(left, [])
  await assert.rejects(fetch(page), "the Worker must have ended")
})

test("stays where a person is, or wants it", () => {
  const [terminal, file] = [{ isTTY: true }, {}]
  assert.equal(wantsToStay({}, terminal), true)
  assert.equal(wantsToStay({}, file), false)
  assert.equal(wantsToStay({ CI: "true" }, terminal), false)
  assert.equal(wantsToStay({ STAY: "0" }, terminal), false)
  assert.equal(wantsToStay({ STAY: "1" }, file), true)
  assert.equal(wantsToStay({ OPEN: "1" }, file), true)
})

test("ends with the reason if the Worker ends while the console is kept", async () => {
  const out = makeOutput()
  let worker
  const onWorker = (started) => {
    worker = started
  }
  const write = (text) => {
    out.write(text)
    if (/The console is at/.test(text)) worker.end()
  }
  await assert.rejects(runDemo({ env, out: { write }, stay: true, onWorker }), /workerd ended \(SIGKILL\)/)
})
