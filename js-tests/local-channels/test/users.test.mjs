import assert from "node:assert/strict"
import { test } from "node:test"

import { connectRaw, connectSubscriber, hmac, makePublisher, once, serve, unrefTimers } from "./support.mjs"

async function signIn(t, server, userId, options = {}) {
  const client = await connectSubscriber(t, server, { userId, ...options })
  client.signin()
  await once(client, "pusher:signin_success")
  return client
}

/** Signs a raw client in with any user data. */
function signInRaw(client, server, userData, secret = server.apps[0].secret) {
  const text = typeof userData === "string" ? userData : JSON.stringify(userData)
  const auth = `${server.apps[0].key}:${hmac(secret, `${client.socketId}::user::${text}`)}`
  client.send("pusher:signin", { auth, user_data: text })
}

test("sends to every connection of a user and to no other", async (t) => {
  const server = await serve(t)
  const [one, two, other] = [
    await signIn(t, server, "ann"),
    await signIn(t, server, "ann"),
    await signIn(t, server, "bob"),
  ]
  const strays = []
  other.user.bind("e", (data) => strays.push(data))
  const got = [once(one.user, "e"), once(two.user, "e")]
  await makePublisher(server).sendToUser("ann", "e", { x: 1 })
  assert.deepEqual(await Promise.all(got), [{ x: 1 }, { x: 1 }])
  const last = once(other.user, "last")
  await makePublisher(server).sendToUser("bob", "last", {})
  await last
  assert.deepEqual(strays, [])
})

test("leaves out an excluded connection of the user", async (t) => {
  const server = await serve(t)
  const [one, two] = [await connectRaw(t, server), await connectRaw(t, server)]
  for (const client of [one, two]) {
    signInRaw(client, server, { id: "ann" })
    await client.next("pusher:signin_success")
  }
  const body = { name: "e", channels: ["#server-to-user-ann"], data: "1", socket_id: one.socketId }
  await makePublisher(server).post({ path: "/events", body })
  await two.next("e")
  await makePublisher(server).sendToUser("ann", "last", {})
  assert.equal((await one.nextOfAny()).event, "last")
})

test("answers a sign-in with the exact user data that was signed", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  const userData = '{ "id":"ann", "user_info":{"name":"ü"} }'
  signInRaw(client, server, userData)
  assert.deepEqual((await client.next("pusher:signin_success")).data, { user_data: userData })
})

test("lets only the user subscribe to the user's channel", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  const channel = "#server-to-user-ann"
  client.send("pusher:subscribe", { channel })
  assert.equal((await client.next("pusher:subscription_error")).data.status, 401)
  signInRaw(client, server, { id: "ann" })
  client.send("pusher:subscribe", { channel })
  assert.equal((await client.next("pusher_internal:subscription_succeeded")).channel, channel)
})

for (const [name, userData, secret] of [
  ["with a signature made with another secret", { id: "ann" }, "wrong"],
  ["without an id", {}],
  ["with an empty id", { id: "" }],
  ["with a number as id", { id: 1 }],
  ["with user data that is not JSON", "{"],
]) {
  test(`closes a connection that signs in ${name}`, async (t) => {
    const server = await serve(t)
    const client = await connectRaw(t, server)
    signInRaw(client, server, userData, secret)
    assert.equal((await client.next("pusher:error")).data.code, 4009)
    assert.equal((await client.closed).code, 4009)
  })
}

test("refuses a channel authorisation as a sign-in", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  const { auth } = makePublisher(server).authorizeChannel(client.socketId, "private-a")
  client.send("pusher:signin", { auth, user_data: '{"id":"ann"}' })
  assert.equal((await client.closed).code, 4009)
})

test("terminates every connection of a user, and no other, with 4009", async (t) => {
  unrefTimers(t)
  const server = await serve(t)
  const [one, two, other] = [
    await connectRaw(t, server),
    await signIn(t, server, "j/ü"),
    await signIn(t, server, "bob"),
  ]
  signInRaw(one, server, { id: "j/ü" })
  await one.next("pusher:signin_success")
  const [closed, gone] = [one.closed, once(two.connection, "disconnected")]
  await makePublisher(server).terminateUserConnections(encodeURIComponent("j/ü"))
  assert.equal((await closed).code, 4009)
  await gone
  assert.equal(other.connection.state, "connected")
  const got = once(other.user, "e")
  await makePublisher(server).sendToUser("bob", "e", 1)
  assert.equal(await got, 1)
})

test("tells a watcher which users are online, come and go", async (t) => {
  const server = await serve(t)
  await signIn(t, server, "bob")
  const ann = await connectRaw(t, server)
  signInRaw(ann, server, { id: "ann", watchlist: ["bob", "carol"] })
  const readEvents = async () => (await ann.next("pusher_internal:watchlist_events")).data.events
  assert.deepEqual(await readEvents(), [
    { name: "online", user_ids: ["bob"] },
    { name: "offline", user_ids: ["carol"] },
  ])
  const carol = [await signIn(t, server, "carol"), await signIn(t, server, "carol")]
  assert.deepEqual(await readEvents(), [{ name: "online", user_ids: ["carol"] }])
  for (const client of carol) client.disconnect()
  assert.deepEqual(await readEvents(), [{ name: "offline", user_ids: ["carol"] }])
})

test("sends watchlist events that the official client understands", async (t) => {
  const server = await serve(t)
  const ann = await signIn(t, server, "ann", { watchlist: ["bob"] })
  const online = once(ann.user.watchlist, "online")
  await signIn(t, server, "bob")
  assert.deepEqual(await online, { name: "online", user_ids: ["bob"] })
})

test("refuses a watchlist over the limit", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  signInRaw(client, server, { id: "ann", watchlist: Array.from({ length: 101 }, (_, index) => `u${index}`) })
  assert.equal((await client.closed).code, 4302)
})

test("lets a connection sign in as another user, replacing the first", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  for (const id of ["ann", "bob"]) signInRaw(client, server, { id })
  await client.next("pusher:signin_success")
  await client.next("pusher:signin_success")
  await makePublisher(server).sendToUser("ann", "e", 1)
  await makePublisher(server).sendToUser("bob", "f", 2)
  assert.equal((await client.nextOfAny()).event, "f")
})
