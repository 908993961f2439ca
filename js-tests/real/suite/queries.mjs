// Questions about channels.
import { Client, connect, NotOffered, rejectionOf, unique } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherRequestError }, environment) => {
  const pusher = connect(Pusher, environment)
  const user = (id) => ({ user_id: id })

  /** Two members of a presence channel, one of them in two places. */
  async function inhabited(name = unique("presence-")) {
    const clients = await Promise.all(["ada", "ada", "grace"].map(() => Client.connect(environment, pusher)))
    for (const [index, client] of clients.entries()) await client.subscribe(name, user(index < 2 ? "ada" : "grace"))
    return name
  }
  /** An answer, or NotOffered when the server says that it does not count subscriptions. */
  const counted = (promise) =>
    promise.catch((error) => {
      if (error.status === 400) throw new NotOffered("subscription_count", error.body)
      throw error
    })

  test("the occupied channels, with how many users they have", async (t) => {
    // A server may answer what was asked just before with what it said then: each prefix is asked for once.
    const prefix = `${unique("presence-")}-`
    const names = [`${prefix}here`, `${prefix}there`]
    for (const name of names) await inhabited(name)
    const { channels } = await pusher.channels({ prefix, info: "user_count" })
    t.deepEqual(Object.keys(channels).sort(), names)
    for (const name of names) t.strictEqual(channels[name].user_count, 2)
    t.deepEqual(Object.keys((await pusher.channels({ prefix: names[0] })).channels), [names[0]])
    t.deepEqual((await pusher.channels({ prefix: unique("nobody-is-here-") })).channels, {})
    t.strictEqual(typeof (await pusher.channels()).channels, "object")
  })

  test("one channel", async (t) => {
    const name = await inhabited()
    t.true((await pusher.channel(name)).occupied)
    t.strictEqual((await pusher.channel(name, { info: "user_count" })).user_count, 2)
    t.false((await pusher.channel(unique())).occupied)
    const { occupied, user_count, subscription_count } = await counted(
      pusher.channel(name, { info: ["user_count", "subscription_count"] }),
    )
    if (subscription_count === undefined) throw new NotOffered("subscription_count", "the answer has none")
    t.deepEqual({ occupied, user_count, subscription_count }, { occupied: true, user_count: 2, subscription_count: 3 })
  })

  test("the users of a presence channel", async (t) => {
    const { users } = await pusher.channelUsers(await inhabited())
    t.deepEqual(users.map(({ id }) => id).sort(), ["ada", "grace"])
    t.deepEqual((await pusher.channelUsers(unique("presence-"))).users, [])
  })

  test("the same by `get`", async (t) => {
    const name = await inhabited()
    const get = async (path, params) => (await pusher.get({ path, params })).json()
    t.strictEqual((await get("/channels", { filter_by_prefix: name, info: "user_count" })).channels[name].user_count, 2)
    t.true((await get(`/channels/${name}`)).occupied)
    t.strictEqual((await get(`/channels/${name}/users`)).users.length, 2)
  })

  test("a query signed by hand", async (t) => {
    const { origin, pathname } = new URL(environment.connectionUrl)
    const path = `${pathname}/channels`
    const query = pusher.createSignedQueryString({
      method: "GET",
      path,
      params: { filter_by_prefix: "a b&c=+%\u00e9" },
    })
    t.strictEqual((await fetch(`${origin}${path}?${query}`)).status, 200)
  })

  test("parameters of all characters reach the server as they are", async (t) => {
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
      const { channels } = await pusher.channels({ prefix: `${unique()}${value}` })
      t.deepEqual(channels, {}, value)
      t.strictEqual(
        (await pusher.get({ path: "/channels", params: { [`other${value}`]: value, filter_by_prefix: unique() } }))
          .status,
        200,
        value,
      )
    }
    const client = await Client.connect(environment, pusher)
    const name = unique("a=b@c,d.e;f_g-")
    await client.subscribe(name)
    t.deepEqual(Object.keys((await pusher.channels({ prefix: name })).channels), [name])
    t.true((await pusher.channel(name)).occupied)
  })

  test("a cache channel keeps its last event", async (t) => {
    const name = unique("private-cache-")
    const [early, late] = await Promise.all([Client.connect(environment, pusher), Client.connect(environment, pusher)])
    await early.subscribe(name)
    await early.find({ kind: "event", channel: name, event: "pusher:cache_miss" })
    t.true((await pusher.channel(name, { info: "cache" })).cache == null, "nothing yet")
    await pusher.trigger(name, "first", { number: 1 })
    await pusher.trigger(name, "last", { number: 2, text: "\u00e9" })
    await late.subscribe(name)
    t.deepEqual(await late.event(name, "last"), { number: 2, text: "\u00e9" })
    t.deepEqual(await late.events(name), ["last"])
    const { cache } = await pusher.channel(name, { info: ["cache"] })
    t.strictEqual(typeof cache.ttl, "number")
    t.true(cache.data.includes("\u00e9"), cache.data)
  })

  test("the users of a channel that has none by its kind are refused", async (t) => {
    const error = await rejectionOf(pusher.channelUsers(unique()))
    t.true(error instanceof PusherRequestError)
    t.strictEqual(error.status, 400)
    t.true(error.body.length > 0)
  })
}
