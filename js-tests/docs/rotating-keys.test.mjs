// Follows the steps of "Rotating keys" against the embedded server, with the page's own program, pusher-js and the command line.
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { copyFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { pathToFileURL } from "node:url"

import PusherJs from "pusher-js"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { installPacked } from "../support/packed.mjs"
import { readPage } from "./pages.mjs"

const OLD = { key: "old-key", secret: "old-secret" }
const NEW = { key: "new-key", secret: "new-secret" }

let installed, library, worker, nodeHandler
let onLog = (_message) => {}
// pusher-js takes it over when a client is made.
PusherJs.log = (message) => onLog(message)
before(async () => {
  installed = await installPacked({ also: ["pusher-js", "ws"] })
  const { folder } = installed
  const { code } = readPage("docs/rotating-keys.md").blocks.find(({ file }) => file === "worker.js")
  writeFileSync(join(folder, "worker.js"), code)
  copyFileSync(join(import.meta.dirname, "application.mjs"), join(folder, "app.js"))
  const file = (name) => pathToFileURL(join(folder, name)).href
  const packed = (name) => import(file(`node_modules/pusher-http-wasm/${name}`))
  library = await packed("index.js")
  ;({ nodeHandler } = await packed("node.js"))
  worker = (await import(file("worker.js"))).default
})
after(() => installed.remove())

/** Serves an endpoint for the length of a test. Returns its address. */
const serve = async (t, handle) => {
  const server = createServer(nodeHandler(handle))
  await once(server.listen(0, "127.0.0.1"), "listening")
  t.after(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`
}

const urlOf = ({ key, secret }, { port }) => `http://${key}:${secret}@127.0.0.1:${port}/apps/app-id`

/** Connects a page and subscribes it. Resolves to its channel. */
const openPage = async (t, server, key, endpoint, name) => {
  const page = new PusherJs(key, {
    ...server.pusherJsOptions,
    channelAuthorization: { endpoint, transport: "ajax" },
  })
  t.after(() => page.disconnect())
  const channel = page.subscribe(name)
  await new Promise((resolve, reject) => {
    channel.bind("pusher:subscription_succeeded", resolve)
    channel.bind("pusher:subscription_error", (error) => reject(new Error(JSON.stringify(error))))
  })
  return channel
}

const nextEvent = (channel, name) => new Promise((resolve) => channel.bind(name, resolve))

/** Runs `doctor` with a URL in the environment. Resolves to its exit code and output. */
const diagnose = (PUSHER_URL) =>
  new Promise((resolve) => {
    const cli = join(installed.folder, "node_modules/pusher-http-wasm/cli.js")
    const options = { cwd: installed.folder, env: { PATH: process.env.PATH, PUSHER_URL } }
    execFile(process.execPath, [cli, "doctor"], options, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }))
  })

test("two keys overlap, and no page, webhook or event is lost", async (t) => {
  const server = await startLocalChannels({ apps: [OLD] })
  t.after(() => server.close())
  const [app] = server.apps
  const send = async (token, event) => {
    await new library.default({ ...server.options, ...token }).trigger("private-a", event, {})
  }

  // 1. Make a new key.
  assert.match((await diagnose(urlOf(NEW, server))).stdout, /^fail/m)
  app.extraTokens = [NEW]
  const { code, stdout } = await diagnose(urlOf(NEW, server))
  assert.equal(code, 0, stdout)
  assert.doesNotMatch(stdout, /^(fail|skip)/m)

  // 2. Set OLD_PUSHER_URL to the value that PUSHER_URL has, and deploy. Then set PUSHER_URL.
  let env = { PUSHER_URL: urlOf(OLD, server), OLD_PUSHER_URL: urlOf(OLD, server) }
  const base = await serve(t, (request) => worker.fetch(request, env))
  app.webhooks = [{ url: `${base}/pusher/webhook`, events: ["channel_occupied", "client_event"] }]
  const statuses = async () => {
    await server.webhooksIdle()
    return server.webhookDeliveries.map(({ headers, attempts }) => [headers["x-pusher-key"], attempts[0].status])
  }
  const signedBy = async (query) => {
    const body = new URLSearchParams({ socket_id: "1.1", channel_name: "private-a" })
    const answer = await fetch(`${base}/pusher/auth${query}`, { method: "POST", body })
    return (await answer.json()).auth.split(":")[0]
  }
  assert.equal(await signedBy(""), OLD.key)
  env = { ...env, PUSHER_URL: urlOf(NEW, server) }
  assert.equal(await signedBy(""), OLD.key)
  assert.equal(await signedBy("?key=new-key"), NEW.key)
  const oldPage = await openPage(t, server, OLD.key, `${base}/pusher/auth`, "private-a")
  // 3. Publish the pages with the new key.
  const newPage = await openPage(t, server, NEW.key, `${base}/pusher/auth?key=new-key`, "private-a")
  for (const token of [OLD, NEW]) {
    const arrived = Promise.all([oldPage, newPage].map((page) => nextEvent(page, token.key)))
    await send(token, token.key)
    await arrived
  }
  assert.deepEqual(await statuses(), [[OLD.key, 200]])

  // 5. Delete the old key.
  Object.assign(app, NEW, { extraTokens: [] })
  assert.match((await diagnose(urlOf(OLD, server))).stdout, /^fail/m)
  await assert.rejects(send(OLD, "late"), { status: 401 })
  await openPage(t, server, NEW.key, `${base}/pusher/auth?key=new-key`, "private-a")
  app.emitWebhook({ name: "client_event", channel: "private-a", event: "client-a", data: "{}", socket_id: "1.1" })
  assert.deepEqual(await statuses(), [
    [OLD.key, 200],
    [NEW.key, 200],
  ])
})

test("a webhook that is signed with a key that nobody passes is refused", async (t) => {
  const server = await startLocalChannels({ apps: [OLD], webhookRetryDelays: [] })
  t.after(() => server.close())
  const env = { PUSHER_URL: urlOf(NEW, server), OLD_PUSHER_URL: urlOf(NEW, server) }
  const base = await serve(t, (request) => worker.fetch(request, env))
  server.apps[0].webhooks = [{ url: `${base}/pusher/webhook` }]
  server.apps[0].emitWebhook({ name: "channel_occupied", channel: "a" })
  await server.webhooksIdle()
  assert.deepEqual(server.webhookDeliveries[0].attempts, [{ status: 401 }])
})

for (const isEndpointFirst of [true, false]) {
  const outcome = isEndpointFirst ? "loses nothing for who has subscribed" : "loses events in the other order"
  test(`a change of the master key ${outcome}`, async (t) => {
    const server = await startLocalChannels()
    t.after(() => server.close())
    const [oldKey, newKey] = [1, 2].map(() => randomBytes(32).toString("base64"))
    const clientWith = (encryptionMasterKeyBase64) =>
      new library.default({ ...server.options, encryptionMasterKeyBase64 })
    let endpointKey = oldKey
    let publisher = clientWith(oldKey)
    const endpoint = await serve(t, async (request) => {
      const form = new URLSearchParams(await request.text())
      return Response.json(clientWith(endpointKey).authorizeChannel(form.get("socket_id"), form.get("channel_name")))
    })
    const name = "private-encrypted-a"
    const open = () => openPage(t, server, server.options.key, endpoint, name)
    const changeEndpoint = () => (endpointKey = newKey)
    const changePublisher = () => (publisher = clientWith(newKey))
    /** Sends an event. Resolves to whether each page can read it, once each has shown or dropped it. */
    const send = async (event, pages) => {
      const readers = new Set()
      await new Promise((resolve) => {
        let left = pages.length
        const settle = () => --left === 0 && resolve(undefined)
        onLog = (message) => /dropping encrypted event/i.test(message) && settle()
        for (const page of pages) {
          page.bind(event, () => {
            readers.add(page)
            settle()
          })
        }
        publisher.trigger(name, event, {})
      })
      return pages.map((page) => readers.has(page))
    }
    const early = await open()
    assert.deepEqual(await send("before", [early]), [true])
    if (isEndpointFirst) changeEndpoint()
    else changePublisher()
    const late = await open()
    assert.deepEqual(await send("between", [early, late]), isEndpointFirst ? [true, false] : [false, false])
    if (isEndpointFirst) changePublisher()
    else changeEndpoint()
    assert.deepEqual(await send("after", [early, late]), [true, true])
  })
}
