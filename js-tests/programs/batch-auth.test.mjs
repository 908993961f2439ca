// The plugin pusher-js-auth of pusher-js, which asks for all channels in one request, with `channelAuthHandler`.
import assert from "node:assert/strict"
import { once } from "node:events"
import { createServer } from "node:http"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, before, test } from "node:test"

import PusherJs from "pusher-js"
import batchAuthorizer from "pusher-js-auth"
import nacl from "tweetnacl"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { makeClientSettings } from "../real/targets.mjs"
import { installPacked } from "../support/packed.mjs"

let installed
let channels
before(async () => {
  installed = await installPacked()
  channels = await startLocalChannels()
})
after(async () => {
  await channels?.close()
  await installed?.remove()
})

const forbidden = "private-forbidden"
const broken = "private-broken"
const allowed = ["private-a", "private-encrypted-a", "presence-a"]

/** Subscribes to channels at once. Resolves, for each, to `"subscribed"` or to the error. */
const subscribeAll = (client, names) =>
  Promise.all(
    names.map(async (name) => {
      const channel = client.subscribe(name)
      const outcome = new Promise((resolve) => {
        channel.bind("pusher:subscription_succeeded", () => resolve("subscribed"))
        channel.bind("pusher:subscription_error", ({ type }) => resolve(type))
      })
      return [name, await outcome]
    }),
  )

test("answers one request for several channels, each by itself", async (t) => {
  const require = createRequire(join(installed.folder, "package.json"))
  const Pusher = require("pusher-http-wasm")
  const { channelAuthHandler } = require("pusher-http-wasm/handlers")
  const { nodeHandler } = require("pusher-http-wasm/node")
  const [app] = channels.apps
  const connectionUrl = `http://${app.key}:${app.secret}@${channels.host}:${channels.port}/apps/${app.id}`
  const pusher = Pusher.forURL(connectionUrl, { encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString("base64") })

  const [asked, errors, answers] = [[], [], []]
  const handler = channelAuthHandler(
    pusher,
    ({ channel, kind }) => {
      asked.push(channel)
      if (channel === forbidden) return false
      if (channel === broken) throw new Error("no database")
      return kind === "presence" ? { user_id: "ada" } : true
    },
    { onError: ({ message }) => errors.push(message) },
  )
  const listener = nodeHandler(async (...args) => {
    const response = await handler(...args)
    answers.push({ status: response.status, body: await response.clone().json() })
    return response
  })
  const server = createServer(listener).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { key, options } = makeClientSettings(connectionUrl)
  const client = new PusherJs(key, {
    ...options,
    nacl,
    authorizer: batchAuthorizer,
    authEndpoint: `http://127.0.0.1:${server.address().port}/`,
  })
  t.after(async () => {
    client.disconnect()
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  })

  const names = [...allowed, forbidden, broken]
  assert.deepEqual(Object.fromEntries(await subscribeAll(client, names)), {
    ...Object.fromEntries(allowed.map((name) => [name, "subscribed"])),
    [forbidden]: "AuthError",
    [broken]: "AuthError",
  })
  assert.deepEqual(asked.toSorted(), names.toSorted())
  assert.deepEqual(errors, ["no database"])
  assert.deepEqual(
    answers.map(({ status, body }) => [status, Object.entries(body).map(([name, { status }]) => [name, status])]),
    [[200, [...allowed.map((name) => [name, 200]), [forbidden, 403], [broken, 500]]]],
  )

  for (const name of allowed) {
    const arrived = new Promise((resolve) => client.channel(name).bind("greeting", resolve))
    await pusher.trigger(name, "greeting", { on: name })
    assert.deepEqual(await arrived, { on: name })
  }
})
