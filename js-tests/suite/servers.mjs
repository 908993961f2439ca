// What servers make of the requests: Pusher's, and others that speak its protocol. The embedded server has the manners of each, below a path
// prefix of that name.
import { connect, makeChannelName, masterKey, pick, rejectionOf } from "./support.mjs"

/** Each server with the options that it needs. */
const SERVERS = {
  pusher: {},
  sockudo: {},
  soketi: { signPathPrefix: true },
  reverb: {},
  "older-reverb": { signPathPrefix: true },
}

/** A status for each server that does not answer with 200. */
const statusOf = (name, exceptions) => exceptions[name.replace("older-", "")] ?? 200

export default ({ test, module }, { default: Pusher, PusherRequestError }, environment) => {
  for (const [name, settings] of Object.entries(SERVERS)) {
    const connectTo = (options) =>
      connect(Pusher, environment, {
        pathPrefix: `/${name}`,
        encryptionMasterKeyBase64: masterKey,
        ...settings,
        ...options,
      })
    const pusher = connectTo()
    const isReverb = name.includes("reverb")
    const statusFrom = async (call) => (await call.catch((error) => error)).status

    module(name, () => {
      test("accepts an event with any data, and without", async (t) => {
        for (const data of ["text", '{"a":1}', { a: "\u00e9\u{1f600}" }, [1], 0, false, null, undefined]) {
          for (const channel of ["a", "presence-a", "private-encrypted-a"]) {
            t.strictEqual(await statusFrom(pusher.trigger(channel, "event", data)), 200, `${channel}: ${data}`)
          }
          t.strictEqual(await statusFrom(pusher.sendToUser("1", "event", data)), 200, `a user: ${data}`)
          const batch = [
            { channel: "a", name: "event", data },
            { channel: "private-encrypted-a", name: "event", data },
          ]
          t.strictEqual(await statusFrom(pusher.triggerBatch(batch)), 200, `a batch: ${data}`)
        }
      })

      test("answers an event of empty or blank text as it is known to", async (t) => {
        const empty = statusOf(name, { soketi: 400, reverb: 422 })
        t.strictEqual(await statusFrom(pusher.trigger("a", "event", "")), empty)
        t.strictEqual(await statusFrom(pusher.triggerBatch([{ channel: "a", name: "event", data: "" }])), empty)
        t.strictEqual(await statusFrom(pusher.trigger("a", "event", " ")), statusOf(name, { reverb: 422 }))
      })

      test("accepts events with further members, also where they are absent", async (t) => {
        const members = [
          { socket_id: "1.2", info: "subscription_count" },
          { socket_id: "1.2", info: ["user_count", "subscription_count"] },
          { socket_id: null, info: null },
          { socket_id: undefined, info: undefined },
        ]
        for (const given of members) {
          t.strictEqual(await statusFrom(pusher.trigger(["a", "b"], "event", "x", given)), 200)
          const batch = [{ channel: "a", name: "event", data: "x", ...given }]
          t.strictEqual(await statusFrom(pusher.triggerBatch(batch)), 200)
        }
      })

      test("reads the names of channels and users from the path", async (t) => {
        const channel = makeChannelName("cache-dXNlcjox==,a@b;c=")
        await pusher.trigger(channel, "event", "remembered")
        const { cache } = await pusher.channel(channel, { info: "cache" })
        t.strictEqual(cache?.data, "remembered")
        for (const id of ["1", "dXNlcjox==", "a!$&'()*+,;=:@b", "a b", "\u00e9", "a/b", "100%"]) {
          t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
        }
      })

      test("answers queries", async (t) => {
        t.deepEqual(await pusher.channels({ prefix: makeChannelName() }), { channels: {} })
        const info = ["user_count", "subscription_count"]
        t.deepEqual(await pusher.channels({ prefix: makeChannelName("presence-"), info }), { channels: {} })
        t.false((await pusher.channel(makeChannelName())).occupied)
        const response = await pusher.get({
          path: "/channels",
          params: { filter_by_prefix: "no such&prefix=+%\u00e9" },
        })
        t.deepEqual((await response.json()).channels, isReverb ? [] : {})
      })

      test("answers a query for the users of an empty channel", async (t) => {
        const call = pusher.channelUsers(makeChannelName("presence-"))
        if (!isReverb) return t.deepEqual(await call, { users: [] })
        const error = await rejectionOf(call)
        t.deepEqual(pick(error, "code", "status", "body"), { code: "http", status: 404, body: "{}" })
        t.true(error.hint.includes("for an empty channel"), error.hint)
      })

      test("accepts a `post` without a body", async (t) => {
        for (const body of [undefined, null, ""]) {
          t.strictEqual((await pusher.post({ path: "/users/1/terminate_connections", body })).status, 200)
        }
      })

      test("accepts names of parameters that are not in lower case, if it knows how", async (t) => {
        const call = pusher.get({ path: "/channels", params: { deviceId: "x", info: "subscription_count" } })
        t.strictEqual(await statusFrom(call), statusOf(name, { soketi: 401, reverb: 401 }))
      })

      test("accepts larger batches and more data where it allows them", async (t) => {
        const events = Array.from({ length: 11 }, () => ({ channel: "a", name: "event", data: "x" }))
        const call = connectTo({ maxBatchEvents: 11 }).triggerBatch(events)
        t.strictEqual(await statusFrom(call), isReverb ? 200 : 400)
        const status = await statusFrom(pusher.trigger("a", "event", "x".repeat(10_241)))
        t.strictEqual(status, statusOf(name, { pusher: 413, sockudo: 413 }))
      })

      test("refuses with its own words a request that another secret has signed", async (t) => {
        const error = await rejectionOf(connectTo({ secret: "other" }).get({ path: "/channels" }))
        t.true(error instanceof PusherRequestError)
        t.strictEqual(error.status, 401)
        t.true(error.body.includes("Invalid signature"), error.body)
        t.true(error.hint.includes("`signPathPrefix`"), error.hint)
      })

      test("refuses a path prefix that is signed where it should not be, and the other way round", async (t) => {
        const error = await rejectionOf(connectTo({ signPathPrefix: !settings.signPathPrefix }).channels())
        t.strictEqual(error.status, 401)
        t.true(error.hint.includes("`signPathPrefix`"), error.hint)
      })

      test("answers 404 for an app that it does not know", async (t) => {
        const error = await rejectionOf(connectTo({ appId: "none" }).channels())
        t.strictEqual(error.status, 404)
        for (const option of ["appId", "host", "port", "pathPrefix"])
          t.true(error.hint.includes(`\`${option}\``), option)
      })
    })
  }

  test("names `pathPrefix` where it was left out", async (t) => {
    const error = await rejectionOf(connect(Pusher, environment, { pathPrefix: "/elsewhere" }).channels())
    t.strictEqual(error.status, 404)
    t.true(error.hint.includes("`pathPrefix`"), error.hint)
  })

  test("names `useTLS` where the server speaks plain HTTP", async (t) => {
    const error = await rejectionOf(connect(Pusher, environment, { useTLS: true }).channels())
    t.strictEqual(error.code, "network")
    // Browsers say no more than this of any failure.
    const said = ["Failed to fetch", "NetworkError when attempting to fetch resource."]
    const hints = ["If this server speaks plain HTTP, set `useTLS: false`.", ...said]
    t.true(hints.includes(error.hint), error.hint)
  })
}
