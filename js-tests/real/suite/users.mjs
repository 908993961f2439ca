// Users who sign in.
import { Client, connect, makeName, requireFeature, waitOrNotOffered } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment)

  async function signIn(user) {
    const client = await Client.connect(environment, pusher)
    await client.signIn(user)
    return client
  }
  /** Waits until pusher-js has subscribed to the user's own channel, which it does by itself after signing in. */
  const waitUntilReachable = (client, id) =>
    client.find({ kind: "message", channel: `#server-to-user-${id}`, event: "pusher_internal:subscription_succeeded" })
  const waitForEnd = (client) => client.find({ kind: "state", previous: "connected" })

  test("authenticates a user whom pusher-js signs in", async (t) => {
    const user = { id: makeName("user-"), user_info: { name: '\u00e9\u{1f600} "quoted"' }, watchlist: [] }
    const client = await signIn(user)
    const { data } = await client.find({ kind: "message", event: "pusher:signin_success" })
    t.deepEqual(JSON.parse(data.user_data), user)
  })

  test("has a sign-in refused that was signed with another secret", async (t) => {
    await signIn({ id: makeName("user-") })
    const stranger = connect(Pusher, environment, {}, { secret: "not-the-secret" })
    const client = await Client.connect(environment, stranger)
    t.false((await client.trySignIn({ id: makeName("user-") })).signedIn)
  })

  for (const [what, id] of Object.entries({
    "an ordinary id": makeName("user-"),
    "an id with all characters of channel names": makeName("a=b@c.d_e,f;"),
  })) {
    test(`sends an event to every connection of a user with ${what}`, async (t) => {
      const clients = await Promise.all([id, id, makeName("user-")].map((one) => signIn({ id: one })))
      await Promise.all(clients.slice(0, 2).map((client) => waitUntilReachable(client, id)))
      t.strictEqual((await pusher.sendToUser(id, "event", { hello: "\u00e9" })).status, 200)
      for (const client of clients.slice(0, 2)) {
        t.deepEqual((await client.find({ kind: "user", event: "event" })).data, { hello: "\u00e9" })
      }
      t.false(
        (await clients[2].listEntries()).some(({ kind }) => kind === "user"),
        "nobody else gets it",
      )
    })
  }

  test("sends an event to users whose ids have other characters", async (t) => {
    const feature = "user ids of any characters"
    requireFeature(environment, feature)
    for (const id of makeOddIds()) {
      const client = await signIn({ id })
      await waitOrNotOffered(environment, feature, waitUntilReachable(client, id))
      await waitOrNotOffered(environment, feature, pusher.sendToUser(id, "event", { id }))
      t.deepEqual((await client.find({ kind: "user", event: "event" })).data, { id })
    }
  })

  test("terminateUserConnections closes all connections of a user and no others", async (t) => {
    const id = makeName("user-")
    const clients = await Promise.all([id, id].map((one) => signIn({ id: one })))
    const other = await signIn({ id: `${id}-other` })
    t.strictEqual((await pusher.terminateUserConnections(id)).status, 200)
    for (const client of clients) {
      t.notStrictEqual((await waitForEnd(client)).current, "connected")
      t.strictEqual((await client.find({ kind: "error" })).code, 4009)
    }
    const channel = makeName()
    await other.subscribe(channel)
    await pusher.trigger(channel, "event", "still here")
    t.strictEqual(await other.waitForEvent(channel, "event"), "still here")
  })

  test("terminateUserConnections finds users whose ids need encoding", async (t) => {
    const ids = makeOddIds()
    const clients = await Promise.all(ids.map((id) => signIn({ id })))
    const bystander = await signIn({ id: makeName("a") })
    for (const [index, id] of ids.entries()) {
      t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
      t.notStrictEqual((await waitForEnd(clients[index])).current, "connected", id)
      // The others are still connected.
      const rest = await Promise.all([...clients.slice(index + 1), bystander].map((client) => client.listEntries()))
      t.false(
        rest.flat().some(({ kind, previous }) => kind === "state" && previous === "connected"),
        id,
      )
    }
  })

  test("authenticates a watchlist whose users are announced as they come and go", async (t) => {
    requireFeature(environment, "watchlist events")
    const [watcher, watched] = [makeName("user-"), makeName("user-")]
    const client = await signIn({ id: watcher, watchlist: [watched] })
    const other = await signIn({ id: watched })
    await waitOrNotOffered(
      environment,
      "watchlist events",
      client.find({ kind: "watchlist", event: "online", data: { user_ids: [watched] } }),
    )
    await other.disconnect()
    const { data } = await client.find({ kind: "watchlist", event: "offline", data: { user_ids: [watched] } })
    t.deepEqual(data.user_ids, [watched])
  })

  /** Returns ids that a path cannot hold unencoded, and others that a wrong encoding would turn them into. */
  function makeOddIds() {
    const end = makeName("-")
    return [
      "a b",
      "a%20b",
      "a+b",
      "\u00e9\u{1f600}",
      "a/b",
      "a%2Fb",
      "a?b#c",
      "a&b=c",
      "a:b@c,d;e",
      "../a",
      'a"b\\c|d',
    ].map((id) => `${id}${end}`)
  }
}
