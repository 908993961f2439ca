// Users who sign in.
import { Client, connect, needs, orNotOffered, unique } from "./support.mjs"

export default ({ test }, { default: Pusher }, environment) => {
  const pusher = connect(Pusher, environment)

  async function signedIn(user) {
    const client = await Client.connect(environment, pusher)
    await client.signIn(user)
    return client
  }
  /** The connection can be sent to once pusher-js has subscribed to the user's own channel, which it does by itself. */
  const reachable = (client, id) =>
    client.find({ kind: "message", channel: `#server-to-user-${id}`, event: "pusher_internal:subscription_succeeded" })
  const ended = (client) => client.find({ kind: "state", previous: "connected" })

  test("pusher-js signs in with what was authenticated here", async (t) => {
    const user = { id: unique("user-"), user_info: { name: '\u00e9\u{1f600} "quoted"' }, watchlist: [] }
    const client = await signedIn(user)
    const { data } = await client.find({ kind: "message", event: "pusher:signin_success" })
    t.deepEqual(JSON.parse(data.user_data), user)
  })

  test("a sign-in that others signed is refused", async (t) => {
    await signedIn({ id: unique("user-") })
    const stranger = connect(Pusher, environment, {}, { secret: "not-the-secret" })
    const client = await Client.connect(environment, stranger)
    t.false((await client.trySignIn({ id: unique("user-") })).signedIn)
  })

  for (const [what, id] of Object.entries({
    "an ordinary id": unique("user-"),
    "an id with all characters of channel names": unique("a=b@c.d_e,f;"),
  })) {
    test(`a user is sent an event on every connection: ${what}`, async (t) => {
      const clients = await Promise.all([id, id, unique("user-")].map((one) => signedIn({ id: one })))
      await Promise.all(clients.slice(0, 2).map((client) => reachable(client, id)))
      t.strictEqual((await pusher.sendToUser(id, "event", { hello: "\u00e9" })).status, 200)
      for (const client of clients.slice(0, 2)) {
        t.deepEqual((await client.find({ kind: "user", event: "event" })).data, { hello: "\u00e9" })
      }
      t.false(
        (await clients[2].entries()).some(({ kind }) => kind === "user"),
        "and nobody else",
      )
    })
  }

  test("a user is sent an event: an id of other characters", async (t) => {
    const feature = "user ids of any characters"
    needs(environment, feature)
    for (const id of odd()) {
      const client = await signedIn({ id })
      await orNotOffered(environment, feature, reachable(client, id))
      await orNotOffered(environment, feature, pusher.sendToUser(id, "event", { id }))
      t.deepEqual((await client.find({ kind: "user", event: "event" })).data, { id })
    }
  })

  test("terminateUserConnections closes all of a user's connections, and no others", async (t) => {
    const id = unique("user-")
    const clients = await Promise.all([id, id].map((one) => signedIn({ id: one })))
    const other = await signedIn({ id: `${id}-other` })
    t.strictEqual((await pusher.terminateUserConnections(id)).status, 200)
    for (const client of clients) {
      t.notStrictEqual((await ended(client)).current, "connected")
      t.strictEqual((await client.find({ kind: "error" })).code, 4009)
    }
    const channel = unique()
    await other.subscribe(channel)
    await pusher.trigger(channel, "event", "still here")
    t.strictEqual(await other.event(channel, "event"), "still here")
  })

  test("terminateUserConnections finds a user whose id has to be encoded", async (t) => {
    const ids = odd()
    const clients = await Promise.all(ids.map((id) => signedIn({ id })))
    const bystander = await signedIn({ id: unique("a") })
    for (const [index, id] of ids.entries()) {
      t.strictEqual((await pusher.terminateUserConnections(id)).status, 200, id)
      t.notStrictEqual((await ended(clients[index])).current, "connected", id)
      // The next is still there: nothing but this one was meant.
      const rest = await Promise.all([...clients.slice(index + 1), bystander].map((client) => client.entries()))
      t.false(
        rest.flat().some(({ kind, previous }) => kind === "state" && previous === "connected"),
        id,
      )
    }
  })

  test("a user sees who of the watchlist comes and goes", async (t) => {
    needs(environment, "watchlist events")
    const [watcher, watched] = [unique("user-"), unique("user-")]
    const client = await signedIn({ id: watcher, watchlist: [watched] })
    const other = await signedIn({ id: watched })
    await orNotOffered(
      environment,
      "watchlist events",
      client.find({ kind: "watchlist", event: "online", data: { user_ids: [watched] } }),
    )
    await other.disconnect()
    const { data } = await client.find({ kind: "watchlist", event: "offline", data: { user_ids: [watched] } })
    t.deepEqual(data.user_ids, [watched])
  })

  /** Ids that a path cannot hold as they are, each with another one beside it that a wrong encoding would make of it. */
  function odd() {
    const end = unique("-")
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
