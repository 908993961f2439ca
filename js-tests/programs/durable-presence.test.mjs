// Runs examples/durable-presence with `wrangler dev`: pusher-js clients join and leave, and the embedded server sends its webhooks.
import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, before, test } from "node:test"
import { setTimeout as sleep } from "node:timers/promises"

import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { Subscriber } from "../real/subscriber.mjs"
import { makeClientSettings } from "../real/targets.mjs"
import { installPacked } from "../support/packed.mjs"
import { describeServer } from "./demo/target.mjs"
import { copyExample, startWrangler, writeVariables } from "./projects.mjs"

const DEADLINE = 60_000

let installed
let channels
let worker
let origin
let pusher
let connectionUrl
before(async () => {
  installed = await installPacked()
  channels = await startLocalChannels({ webhookRetryDelays: [] })
  const [{ id, key, secret }] = channels.apps
  connectionUrl = `http://${key}:${secret}@${channels.host}:${channels.port}/apps/${id}`
  pusher = createRequire(join(installed.folder, "package.json"))("pusher-http-wasm").forURL(connectionUrl)
  const folder = await copyExample("durable-presence", installed.folder)
  await writeVariables(folder, { ...describeServer(channels), RECONCILE_SECONDS: "1" })
  worker = await startWrangler(folder)
  origin = worker.match[1]
})
after(async () => {
  await worker?.stop()
  await channels?.close()
  await installed?.remove()
})

const sendWebhooks = (isOn) => {
  channels.apps[0].webhooks = isOn ? [{ url: `${origin}/pusher/webhook` }] : []
}
/** Connects a client of pusher-js. Joining and leaving resolve when the webhooks were answered. */
const connect = async (t, user) => {
  const client = new Subscriber({ ...makeClientSettings(connectionUrl), deadline: DEADLINE })
  t.after(() => client.close())
  const socketId = await client.waitForConnection()
  return {
    async join(channel) {
      await client.subscribe(channel, pusher.authorizeChannel(socketId, channel, { user_id: user }))
      await channels.webhooksIdle()
    },
    async leave(channel) {
      client.unsubscribe(channel)
      // The server answers in order.
      await client.subscribe("sync")
      client.unsubscribe("sync")
      await channels.webhooksIdle()
    },
  }
}

const listOnline = async (channel) => {
  const response = await fetch(`${origin}/online/${channel}`)
  assert.equal(response.status, 200)
  return (await response.json()).online
}
/** Waits until an alarm has made the list this. */
const waitForOnline = async (channel, wanted) => {
  let online
  for (const end = Date.now() + DEADLINE; Date.now() < end; await sleep(50)) {
    online = await listOnline(channel)
    if (online.join() === wanted.join()) return
  }
  assert.deepEqual(online, wanted)
}
const hold = () => {
  let release
  const held = new Promise((resolve) => {
    release = resolve
  })
  return { held, release }
}
const asksFor = (channel) => (request) => request.path.endsWith(`/channels/${channel}/users`)
/** Has Channels fail when it is asked who is in a channel. Returns a function that undoes it. */
const refuseUsersOf = (channel) =>
  channels.intercept((request) => (asksFor(channel)(request) ? { status: 503, body: "down" } : undefined))

test("follows webhooks", async (t) => {
  sendWebhooks(true)
  const [ada, bob] = [await connect(t, "ada"), await connect(t, "bob")]
  assert.deepEqual(await listOnline("presence-a"), [])
  // From here on, only webhooks tell it.
  t.after(refuseUsersOf("presence-a"))
  await ada.join("presence-a")
  assert.deepEqual(await listOnline("presence-a"), ["ada"])
  await bob.join("presence-a")
  await bob.join("presence-other")
  assert.deepEqual(await listOnline("presence-a"), ["ada", "bob"])
  await ada.leave("presence-a")
  assert.deepEqual(await listOnline("presence-a"), ["bob"])
  assert.deepEqual(
    channels.webhookDeliveries.filter(({ outcome }) => outcome !== "delivered"),
    [],
  )
})

test("ignores a webhook that comes late or twice", async (t) => {
  sendWebhooks(true)
  const ada = await connect(t, "ada")
  assert.deepEqual(await listOnline("presence-b"), [])
  t.after(refuseUsersOf("presence-b"))
  await ada.join("presence-b")
  const { body, headers } = channels.webhookDeliveries.find(
    ({ events: [{ name, channel }] }) => name === "member_added" && channel === "presence-b",
  )
  // A later millisecond, by which webhooks tell their order.
  for (const joined = Date.now(); Date.now() === joined; ) await sleep(1)
  await ada.leave("presence-b")
  const response = await fetch(`${origin}/pusher/webhook`, { method: "POST", body, headers })
  assert.equal(response.status, 200)
  assert.deepEqual(await listOnline("presence-b"), [])
})

test("asks Channels for a channel whose webhooks were lost, and goes on asking", async (t) => {
  sendWebhooks(false)
  const [ada, bob] = [await connect(t, "ada"), await connect(t, "bob")]
  await ada.join("presence-c")
  assert.deepEqual(await listOnline("presence-c"), ["ada"])
  // Nobody reads meanwhile, so that it is the alarm that asks.
  await ada.leave("presence-c")
  await bob.join("presence-c")
  const { held, release } = hold()
  t.after(
    channels.intercept((request) => {
      if (asksFor("presence-c")(request)) release()
    }),
  )
  await held
  await waitForOnline("presence-c", ["bob"])
})

test("keeps the list while Channels fails, and corrects it afterwards", async (t) => {
  sendWebhooks(true)
  const [ada, bob] = [await connect(t, "ada"), await connect(t, "bob")]
  await ada.join("presence-d")
  await bob.join("presence-d")
  sendWebhooks(false)
  await ada.leave("presence-d")
  const { held, release } = hold()
  let failures = 0
  const undo = channels.intercept((request) => {
    if (!asksFor("presence-d")(request)) return undefined
    if (++failures === 3) release()
    return { status: 500, body: "no" }
  })
  t.after(undo)
  await held
  assert.deepEqual(await listOnline("presence-d"), ["ada", "bob"])
  undo()
  await waitForOnline("presence-d", ["bob"])
})

test("does not let an older answer undo a webhook", async (t) => {
  sendWebhooks(true)
  const [ada, bob] = [await connect(t, "ada"), await connect(t, "bob")]
  await ada.join("presence-e")
  const { held, release } = hold()
  let asked = 0
  t.after(
    channels.intercept(async (request) => {
      if (!asksFor("presence-e")(request)) return undefined
      asked++
      if (asked > 1) {
        release()
        return { status: 503, body: "down" }
      }
      await bob.join("presence-e")
      await ada.leave("presence-e")
      return { body: { users: [{ id: "ada" }, { id: "carol" }] }, status: 200 }
    }),
  )
  await held
  assert.deepEqual(await listOnline("presence-e"), ["bob", "carol"])
})

test("refuses what is not signed, and other routes", async () => {
  const body = JSON.stringify({
    time_ms: Date.now(),
    events: [{ name: "member_added", channel: "presence-f", user_id: "eve" }],
  })
  const headers = {
    "content-type": "application/json",
    "x-pusher-key": "app-key",
    "x-pusher-signature": "0".repeat(64),
  }
  assert.equal((await fetch(`${origin}/pusher/webhook`, { method: "POST", body, headers })).status, 401)
  assert.deepEqual(await listOnline("presence-f"), [])
  for (const path of ["/", "/online/private-a", "/online/presence-%20", "/online/presence-a/b"]) {
    assert.equal((await fetch(origin + path)).status, 404, path)
  }
})
