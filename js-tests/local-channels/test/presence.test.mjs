import assert from "node:assert/strict"
import { test } from "node:test"

import { connectRaw, connectSubscriber, once, serve, signSubscription, subscribe } from "./support.mjs"

const SUCCEEDED = "pusher_internal:subscription_succeeded"
const ADDED = "pusher_internal:member_added"
const REMOVED = "pusher_internal:member_removed"

/** Enters a presence channel as a raw client. */
function enter(client, server, member, channel = "presence-a") {
  client.send("pusher:subscribe", signSubscription(server.apps[0], client.socketId, channel, JSON.stringify(member)))
}

test("announces the members that are present, come and go", async (t) => {
  const server = await serve(t)
  const [ann, bob] = [
    await connectSubscriber(t, server, { userId: "ann", userInfo: { name: "Ann" } }),
    await connectSubscriber(t, server, { userId: "bob", userInfo: { name: "Bob" } }),
  ]
  const room = await subscribe(ann, "presence-a")
  const { count, me } = room.members
  assert.deepEqual({ count, me }, { count: 1, me: { id: "ann", info: { name: "Ann" } } })
  const added = once(room, "pusher:member_added")
  const theirs = await subscribe(bob, "presence-a")
  assert.deepEqual(await added, { id: "bob", info: { name: "Bob" } })
  assert.deepEqual(theirs.members.members, { ann: { name: "Ann" }, bob: { name: "Bob" } })
  const removed = once(room, "pusher:member_removed")
  bob.disconnect()
  assert.equal((await removed).id, "bob")
})

test("sends the members as count, ids and hash", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  enter(client, server, { user_id: 7, user_info: { a: 1 } })
  assert.deepEqual((await client.next(SUCCEEDED)).data, { presence: { count: 1, ids: ["7"], hash: { 7: { a: 1 } } } })
})

test("lists members of whom nothing else is known, too", async (t) => {
  const server = await serve(t)
  const room = await subscribe(await connectSubscriber(t, server, { userId: "ann" }), "presence-a")
  assert.deepEqual(room.members.members, { ann: null })
  assert.deepEqual(room.members.me, { id: "ann", info: null })
})

test("announces a user only with the first connection and the last", async (t) => {
  const server = await serve(t)
  const watcher = await connectRaw(t, server)
  enter(watcher, server, { user_id: "watcher" })
  await watcher.next(SUCCEEDED)
  const connections = [await connectRaw(t, server), await connectRaw(t, server)]
  for (const client of connections) {
    enter(client, server, { user_id: "u" })
    await client.next(SUCCEEDED)
  }
  // Another user in between, so that a second announcement of the first would come before it.
  const between = await connectRaw(t, server)
  enter(between, server, { user_id: "between" })
  assert.equal((await watcher.next(ADDED)).data.user_id, "u")
  assert.equal((await watcher.next(ADDED)).data.user_id, "between")
  connections[0].socket.close()
  await connections[0].closed
  between.send("pusher:unsubscribe", { channel: "presence-a" })
  assert.equal((await watcher.next(REMOVED)).data.user_id, "between")
  connections[1].socket.close()
  assert.equal((await watcher.next(REMOVED)).data.user_id, "u")
})

test("accepts members up to the limit, and further connections of a member", async (t) => {
  const server = await serve(t, { limits: { presenceMembers: 2 } })
  for (const userId of ["1", "2", "2"]) {
    const client = await connectRaw(t, server)
    enter(client, server, { user_id: userId })
    await client.next(SUCCEEDED)
  }
  const third = await connectRaw(t, server)
  enter(third, server, { user_id: "3" })
  const { data } = await third.next("pusher:subscription_error")
  assert.deepEqual({ type: data.type, status: data.status }, { type: "LimitReached", status: 403 })
  assert.deepEqual(server.apps[0].channels.get("presence-a").userIds, ["1", "2"])
})

test("allows a hundred members by default", async (t) => {
  assert.equal((await serve(t)).apps[0].limits.presenceMembers, 100)
})

test("refuses user data over 1 KB and a user id over 128 characters", async (t) => {
  const server = await serve(t)
  const client = await connectRaw(t, server)
  for (const member of [{ user_id: "u", user_info: "i".repeat(1023) }, { user_id: "u".repeat(129) }]) {
    enter(client, server, member)
    assert.equal((await client.next("pusher:subscription_error")).data.status, 413)
  }
  enter(client, server, { user_id: "u".repeat(128), user_info: "i".repeat(1022) })
  await client.next(SUCCEEDED)
})

test("lets a signed-in user subscribe without channel data", async (t) => {
  const server = await serve(t)
  const client = await connectSubscriber(t, server, { userId: "ann", userInfo: { name: "Ann" } })
  client.signin()
  await once(client, "pusher:signin_success")
  const raw = await subscribeWithoutData(client, server)
  assert.deepEqual(raw.members.me, { id: "ann", info: { name: "Ann" } })
})

async function subscribeWithoutData(client, server) {
  const [app] = server.apps
  client.config.channelAuthorizer = ({ socketId, channelName }, callback) => {
    callback(null, { auth: signSubscription(app, socketId, channelName).auth })
  }
  return subscribe(client, "presence-a")
}
