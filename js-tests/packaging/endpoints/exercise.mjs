// Exercises a server's endpoints, which application.mjs decides about: pusher-js is the client, and the embedded server sends the webhooks.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { cp } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"

import PusherJs from "pusher-js"

import { includes } from "../../real/inbox.mjs"
import { Subscriber } from "../../real/subscriber.mjs"
import { makeClientSettings } from "../../real/targets.mjs"
import { pick } from "../../support/assertions.mjs"
import { exercise } from "../exercise.mjs"
import { masterKey } from "../frameworks/servers.mjs"
import { prefixNames } from "../projects.mjs"
import { exerciseRecipe, sendTo } from "../recipes/recipes.mjs"
import { fetchPlace } from "./request.mjs"

/** Milliseconds to wait for anything: a development server may compile first. Only a failing case waits that long. */
const DEADLINE = 60_000

// Sends the header `origin`, which browsers send and pusher-js on Node does not: some frameworks refuse forms without it.
const { createXHR } = PusherJs.Runtime
PusherJs.Runtime.createXHR = function () {
  const xhr = createXHR.call(this)
  xhr.setDisableHeaderCheck(true)
  return xhr
}

let serial = 0
const makeName = (prefix) => `${prefix}${++serial}`

/** Copies what the endpoints of all places share into a folder of the user's project. */
export const copyApplication = async (folder, ...more) => {
  for (const file of ["application.mjs", ...more]) await cp(join(import.meta.dirname, file), join(folder, file))
}

/**
 * Makes the cases for a server with the endpoints `channel-auth`, `user-auth` and `webhooks` below `base`.
 *
 * @param {string} base without a trailing slash
 * @param {import("../run.mjs").Context} context
 */
export const exerciseEndpoints = (base, { channels, environment, folder, url }) => {
  const [app] = channels.apps
  const { key, secret } = environment.server
  const Pusher = createRequire(join(folder, "package.json"))("pusher-http-wasm")
  const pusher = Pusher.forURL(url, { encryptionMasterKeyBase64: masterKey })
  const { origin } = new URL(base)
  const makeHeaders = (user) => ({ origin, ...(user && { authorization: `Bearer ${user}` }) })

  const post = async (route, body, headers) => {
    const response = await fetchPlace(`${base}/${route}`, () => ({
      method: "POST",
      body,
      headers: { ...makeHeaders("ada"), ...headers },
      signal: AbortSignal.timeout(DEADLINE),
    }))
    return { status: response.status, text: await response.text() }
  }
  const form = { "content-type": "application/x-www-form-urlencoded" }
  const assertRefused = async (route, body, headers, status, error) => {
    const answer = await post(route, body, headers)
    assert.deepEqual(answer, { status, text: JSON.stringify({ error }) })
  }

  const connect = (user) => {
    const settings = makeClientSettings(url)
    const headers = makeHeaders(user)
    const options = {
      ...settings.options,
      channelAuthorization: { endpoint: `${base}/channel-auth`, transport: "ajax", headers },
      userAuthentication: { endpoint: `${base}/user-auth`, transport: "ajax", headers },
    }
    return new Subscriber({ key: settings.key, options, deadline: DEADLINE })
  }
  /** Connects a client for each user, `undefined` for a stranger, and ends the connections when `act` is done. */
  const withClients = async (users, act) => {
    const clients = users.map(connect)
    try {
      await Promise.all(clients.map((client) => client.waitForConnection()))
      await act(...clients)
    } finally {
      for (const client of clients) client.close()
    }
  }
  const waitFor = async ({ inbox }, wanted) => {
    const entry = await inbox.find((one) => includes(one, wanted), { deadline: DEADLINE })
    assert.ok(entry, `${JSON.stringify(wanted)} did not come; the inbox holds ${JSON.stringify(inbox.entries)}`)
    return entry
  }
  const assertReceives = async (channel) => {
    await withClients(["ada"], async (ada) => {
      assert.deepEqual(pick(await ada.subscribe(channel), "subscribed", "reason"), {
        subscribed: true,
        reason: undefined,
      })
      const data = { text: "h\u00e9llo \u{1f600}" }
      await pusher.trigger(channel, "greeting", data)
      assert.deepEqual((await waitFor(ada, { kind: "event", channel, event: "greeting" })).data, data)
    })
  }

  /** Returns the events that the callbacks have passed on since there were `from` requests. */
  const listPassedOn = (from) =>
    channels.requests
      .slice(from)
      .map(({ body }) => JSON.parse(body))
      .filter((sent) => sent.channels[0] === "webhooks")
      .map(({ data }) => JSON.parse(data))

  return {
    "lets pusher-js subscribe to a private channel": () => assertReceives(makeName("private-")),
    "lets pusher-js subscribe to an encrypted channel": () => assertReceives(makeName("private-encrypted-")),
    "lets pusher-js subscribe to a presence channel, as members": async () => {
      await withClients(["ada", "bob"], async (ada, bob) => {
        const channel = makeName("presence-")
        await ada.subscribe(channel)
        const { data } = await bob.subscribe(channel)
        const members = { ada: { name: "Ad\u00e1" }, bob: { name: "Bob" } }
        assert.deepEqual(pick(data, "members", "count", "myID"), { members, count: 2, myID: "bob" })
        const added = await waitFor(ada, { kind: "event", channel, event: "pusher:member_added" })
        assert.deepEqual(added.data, { id: "bob", info: { name: "Bob" } })
      })
    },
    "signs a user in": async () => {
      await withClients(["ada"], async (ada) => {
        assert.deepEqual(await ada.signIn(), { signedIn: true })
        const channel = "#server-to-user-ada"
        await waitFor(ada, { kind: "message", channel, event: "pusher_internal:subscription_succeeded" })
        await pusher.sendToUser("ada", "greeting", { to: "ada" })
        assert.deepEqual((await waitFor(ada, { kind: "user", event: "greeting" })).data, { to: "ada" })
      })
    },
    "refuses what the application refuses": async () => {
      await withClients(["ada", undefined], async (ada, stranger) => {
        for (const [client, prefix] of [
          [ada, "private-locked-"],
          [ada, "presence-locked-"],
          [stranger, "private-encrypted-"],
        ]) {
          const { subscribed, reason } = await client.subscribe(makeName(prefix))
          assert.deepEqual({ subscribed, status: JSON.parse(reason).status }, { subscribed: false, status: 403 })
        }
        const { signedIn, reason } = await stranger.signIn()
        assert.deepEqual({ signedIn, status: JSON.parse(reason).status }, { signedIn: false, status: 403 })
      })
    },
    "lets pages ask whose origins the application names, and no others": async () => {
      const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" }
      const origin = "https://app.example"
      for (const route of ["channel-auth", "user-auth"]) {
        const ask = async (from) => {
          const { status, headers } = await fetch(`${base}/${route}`, {
            method: "OPTIONS",
            headers: { origin: from, ...preflight },
            signal: AbortSignal.timeout(DEADLINE),
          })
          const [allowed, names] = ["origin", "headers"].map((name) => headers.get(`access-control-allow-${name}`))
          return { status, allowed, names }
        }
        assert.deepEqual(await ask(origin), { status: 204, allowed: origin, names: "content-type, authorization" })
        assert.equal((await ask("https://other.example")).allowed, null)
        const { status } = await post(route, "socket_id=1.2&channel_name=private-a", { ...form, origin })
        assert.equal(status, 200)
      }
    },
    "refuses malformed requests with a reason": async () => {
      await assertRefused("channel-auth", "channel_name=private-a", form, 400, "`socket_id` is missing")
      await assertRefused("user-auth", "", form, 400, "`socket_id` is missing")
      const publicChannel = "socket_id=1.2&channel_name=public"
      const reason = "Only private, presence and encrypted channels are authorised"
      await assertRefused("channel-auth", publicChannel, form, 400, reason)
      const types = "The body must be application/x-www-form-urlencoded or application/json, in UTF-8"
      await assertRefused("channel-auth", publicChannel, { "content-type": "text/plain" }, 415, types)
    },
    "refuses a forged webhook, and calls back for none of its events": async () => {
      const from = channels.requests.length
      const body = JSON.stringify({ time_ms: Date.now(), events: [{ name: "channel_occupied", channel: "a" }] })
      const signature = createHmac("sha256", secret).update(body).digest("hex")
      const headers = { "content-type": "application/json", "x-pusher-key": key, "x-pusher-signature": signature }
      const { status, text } = await post("webhooks", body.replace("occupied", "vacated"), headers)
      assert.deepEqual({ status, members: Object.keys(JSON.parse(text)) }, { status: 401, members: ["error"] })
      assert.deepEqual(listPassedOn(from), [])
    },
    "calls back for the events of webhooks, in order": async () => {
      const [fromRequest, fromDelivery] = [channels.requests.length, channels.webhookDeliveries.length]
      const channel = makeName("presence-")
      Object.assign(app, { webhooks: [{ url: `${base}/webhooks` }], batchWebhooks: true })
      try {
        await withClients(["ada", "bob"], async (ada, bob) => {
          await ada.subscribe(channel)
          await bob.subscribe(channel)
          ada.send("client-greeting", { text: "h\u00e9llo" }, channel)
          await waitFor(bob, { kind: "event", channel, event: "client-greeting" })
          for (const client of [bob, ada]) {
            client.unsubscribe(channel)
            // The server answers in order.
            await client.subscribe(makeName("private-"))
          }
          await channels.webhooksIdle()
        })
      } finally {
        Object.assign(app, { webhooks: [], batchWebhooks: false })
      }
      await channels.webhooksIdle()
      const deliveries = channels.webhookDeliveries.slice(fromDelivery)
      assert.deepEqual(
        deliveries.flatMap(({ attempts }) => attempts),
        deliveries.map(() => ({ status: 200 })),
      )
      const events = deliveries.flatMap(({ events }) => events)
      const parse = ({ data, ...event }) => (data === undefined ? event : { ...event, data: JSON.parse(data) })
      assert.deepEqual(listPassedOn(fromRequest), events.map(parse))
      assert.deepEqual(
        events.filter((event) => event.channel === channel).map(({ name, user_id: user }) => [name, user]),
        [
          ["channel_occupied", undefined],
          ["member_added", "ada"],
          ["member_added", "bob"],
          ["client_event", "ada"],
          ["member_removed", "bob"],
          ["member_removed", "ada"],
          ["channel_vacated", undefined],
        ],
      )
      assert.ok(deliveries.length < events.length, "some webhooks have several events")
    },
    // The last one: `wrangler dev` with `no_bundle` loses the request after one whose body the Worker leaves unread
    // (https://github.com/cloudflare/workers-sdk/issues/15203).
    "refuses a body that is too large": async () => {
      const large = `socket_id=1.2&channel_name=private-a&x=${"x".repeat(65_536)}`
      await assertRefused("channel-auth", large, form, 413, "The body has more than 65536 bytes")
    },
  }
}

/** Makes the cases of a server that has both, the endpoints and the routes that call the library's methods themselves, and those of the place's recipe. */
export const exerciseBoth = (base, context) => ({
  ...exercise(base, context),
  ...(context.recipe && prefixNames("recipe", exerciseRecipe(sendTo(base), context.channels))),
  ...exerciseEndpoints(base, context),
})
