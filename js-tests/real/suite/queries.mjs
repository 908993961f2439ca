// Queries about channels.
import { Client, connect, makeName, NotOffered, rejectionOf } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  const pusher = connect(Pusher, environment)
  const makeUser = (id) => ({ user_id: id })

  /** Subscribes three connections of two members to a presence channel and returns its name. */
  async function occupy(name = makeName("presence-")) {
    const clients = await Promise.all(["ada", "ada", "grace"].map(() => Client.connect(environment, pusher)))
    for (const [index, client] of clients.entries()) await client.subscribe(name, makeUser(index < 2 ? "ada" : "grace"))
    return name
  }
  /** Asks for a list of channels, and where lists may be incomplete asks again until so many are listed. */
  async function list(ask, count) {
    const attempts = "complete lists of channels" in environment.lacks ? 20 : 1
    for (let attempt = 1; ; attempt++) {
      const { channels } = await ask()
      if (Object.keys(channels).length >= count || attempt === attempts) return channels
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  /** Waits for an answer. Throws NotOffered if the server refuses to count subscriptions. */
  const waitForCount = (promise) =>
    promise.catch((error) => {
      if (error.status === 400) throw new NotOffered("subscription_count", error.body)
      throw error
    })

  test("queries the occupied channels with their user counts", async (t) => {
    // A server may cache its answers, so each prefix is asked for once.
    const prefix = `${makeName("presence-")}-`
    const names = [`${prefix}here`, `${prefix}there`]
    for (const name of names) await occupy(name)
    const channels = await list(() => pusher.channels({ prefix, info: "user_count" }), 2)
    t.deepEqual(Object.keys(channels).sort(), names)
    for (const name of names) t.strictEqual(channels[name].user_count, 2)
    t.deepEqual(Object.keys(await list(() => pusher.channels({ prefix: names[0] }), 1)), [names[0]])
    t.deepEqual((await pusher.channels({ prefix: makeName("nobody-is-here-") })).channels, {})
    t.strictEqual(typeof (await pusher.channels()).channels, "object")
  })

  test("queries one channel", async (t) => {
    const name = await occupy()
    t.true((await pusher.channel(name)).occupied)
    t.strictEqual((await pusher.channel(name, { info: "user_count" })).user_count, 2)
    t.false((await pusher.channel(makeName())).occupied)
    const { occupied, user_count, subscription_count } = await waitForCount(
      pusher.channel(name, { info: ["user_count", "subscription_count"] }),
    )
    if (subscription_count === undefined) throw new NotOffered("subscription_count", "the answer has none")
    t.deepEqual({ occupied, user_count, subscription_count }, { occupied: true, user_count: 2, subscription_count: 3 })
  })

  test("queries the users of a presence channel", async (t) => {
    const { users } = await pusher.channelUsers(await occupy())
    t.deepEqual(users.map(({ id }) => id).sort(), ["ada", "grace"])
    t.deepEqual((await pusher.channelUsers(makeName("presence-"))).users, [])
  })

  test("queries the same with `get`", async (t) => {
    const name = await occupy()
    const get = async (path, params) => (await pusher.get({ path, params })).json()
    const channels = await list(() => get("/channels", { filter_by_prefix: name, info: "user_count" }), 1)
    t.strictEqual(channels[name].user_count, 2)
    t.true((await get(`/channels/${name}`)).occupied)
    t.strictEqual((await get(`/channels/${name}/users`)).users.length, 2)
  })

  test("signs a query string that the server accepts", async (t) => {
    const { origin, pathname } = new URL(environment.connectionUrl)
    const path = `${pathname}/channels`
    const query = pusher.createSignedQueryString({
      method: "GET",
      path,
      params: { filter_by_prefix: "a b&c=+%\u00e9" },
    })
    t.strictEqual((await fetch(`${origin}${path}?${query}`)).status, 200)
  })

  test("sends parameters of any characters to the server unchanged", async (t) => {
    for (const value of [
      "a&b",
      "a=b",
      "a+b",
      "a%b",
      "a%20b",
      "\u00e9\u{1f600}",
      "a b",
      "#?/:@,;~'()*!$[]",
      "\u0001\n",
      "",
    ]) {
      const { channels } = await pusher.channels({ prefix: `${makeName()}${value}` })
      t.deepEqual(channels, {}, value)
      t.strictEqual(
        (await pusher.get({ path: "/channels", params: { [`other${value}`]: value, filter_by_prefix: makeName() } }))
          .status,
        200,
        value,
      )
    }
    const client = await Client.connect(environment, pusher)
    const name = makeName("a=b@c,d.e;f_g-")
    await client.subscribe(name)
    t.deepEqual(Object.keys(await list(() => pusher.channels({ prefix: name }), 1)), [name])
    t.true((await pusher.channel(name)).occupied)
  })

  test("queries the last event of a cache channel", async (t) => {
    const name = makeName("private-cache-")
    const [early, late] = await Promise.all([Client.connect(environment, pusher), Client.connect(environment, pusher)])
    await early.subscribe(name)
    await early.find({ kind: "event", channel: name, event: "pusher:cache_miss" })
    t.true((await pusher.channel(name, { info: "cache" })).cache == null, "nothing yet")
    await pusher.trigger(name, "first", { number: 1 })
    await pusher.trigger(name, "last", { number: 2, text: "\u00e9" })
    // Otherwise they might arrive at the late one as well.
    for (const event of ["first", "last"]) await early.waitForEvent(name, event)
    await late.subscribe(name)
    t.deepEqual(await late.waitForEvent(name, "last"), { number: 2, text: "\u00e9" })
    t.deepEqual(await late.listEvents(name), ["last"])
    const { cache } = await pusher.channel(name, { info: ["cache"] })
    t.strictEqual(typeof cache.ttl, "number")
    t.true(cache.data.includes("\u00e9"), cache.data)
  })

  test("rejects a query for the users of a channel that is no presence channel", async (t) => {
    const error = await rejectionOf(pusher.channelUsers(makeName()))
    t.true(error instanceof PusherRequestError)
    t.strictEqual(error.status, 400)
    t.true(error.body.length > 0)
  })
}
