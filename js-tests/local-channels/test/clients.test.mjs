// What the server says of how to reach it.
import assert from "node:assert/strict"
import { test } from "node:test"

import PusherJs from "pusher-js"

import Pusher from "../../../pkg/index.js"
import { once, serve } from "./support.mjs"

const SERVERS = {
  "with the usual app": {},
  "with several apps, as the first": { apps: [{ id: "a/1", key: "a-key", secret: "s%e/c?r#t" }, { key: "other" }] },
  "at another address": { host: "::1" },
  "below a prefix": { pathPrefix: "/channels" },
  "below a prefix that is signed": { pathPrefix: "/channels", manners: "soketi" },
}

for (const [where, options] of Object.entries(SERVERS)) {
  test(`clients reach a server ${where}`, async (t) => {
    const server = await serve(t, options)
    const page = new PusherJs(server.options.key, server.pusherJsOptions)
    t.after(() => page.disconnect())
    const channel = page.subscribe("news")
    await once(channel, "pusher:subscription_succeeded")
    const arrived = once(channel, "headline")
    await new Pusher(server.options).trigger("news", "headline", { text: "Hello" })
    assert.deepEqual(await arrived, { text: "Hello" })
  })
}

for (const where of ["with the usual app", "with several apps, as the first", "at another address", "below a prefix"]) {
  test(`the environment leads to a server ${where}`, async (t) => {
    const server = await serve(t, SERVERS[where])
    const response = await Pusher.fromEnv(server.env).trigger("news", "headline", 1)
    assert.equal(response.status, 200)
    assert.equal(server.requests[0].path, `/apps/${encodeURIComponent(server.apps[0].id)}/events`)
  })
}

test("says where it is", async (t) => {
  const { port, options, env, pusherJsOptions } = await serve(t)
  const host = "127.0.0.1"
  assert.deepEqual(options, { appId: "app-id", key: "app-key", secret: "app-secret", host, port, useTLS: false })
  assert.deepEqual(env, { PUSHER_URL: `http://app-key:app-secret@${host}:${port}/apps/app-id` })
  const transports = { forceTLS: false, enabledTransports: ["ws"] }
  assert.deepEqual(pusherJsOptions, { cluster: "local", wsHost: host, wsPort: port, wsPath: "", ...transports })
})
