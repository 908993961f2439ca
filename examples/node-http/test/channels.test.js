// The functions of channels.js, without a network.
import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"

import { fakeChannels } from "pusher-http-wasm/testing"

import { authorize, postMessage, receiveWebhook } from "../channels.js"

const fake = fakeChannels()
// The client of channels.js is made from the environment, and sends with the global `fetch`.
Object.assign(process.env, fake.env)
mock.method(globalThis, "fetch", fake.fetch)
beforeEach(() => fake.reset())

const post = (body) => postMessage(new Request("https://app.test/messages", { method: "POST", body }))
const read = async (response) => ({ status: response.status, answer: await response.json() })

test("a message reaches everyone in the chat", async () => {
  const ada = fake.connect("presence-chat", { member: { user_id: "ada" } })
  assert.deepEqual(await read(await post('{ "text": "Hello" }')), { status: 202, answer: { sent: true } })
  fake.expectTriggered({ channel: "presence-chat", event: "message", data: { text: "Hello" } }, { times: 1 })
  assert.equal(ada.received.length, 1)
})

test("a message without a text is refused, and nothing is sent", async () => {
  for (const body of ["", "{", "null", "{}", '{ "text": 1 }', '{ "text": "" }']) {
    assert.equal((await post(body)).status, 400, body)
  }
  fake.expectTriggered({}, { times: 0 })
})

test("a message that is too long is refused", async () => {
  const response = await post(JSON.stringify({ text: "x".repeat(20_000) }))
  assert.deepEqual(await read(response), { status: 413, answer: { error: "The message is too long" } })
})

test("says that Channels did not take the message", async (t) => {
  const { mock: log } = t.mock.method(console, "error", () => {})
  fake.failNext({ status: 403, body: "Over quota" })
  const failed = { status: 502, answer: { error: "Channels did not take the message" } }
  assert.deepEqual(await read(await post('{ "text": "Hello" }')), failed)
  assert.equal(log.callCount(), 1)
})

test("members subscribe with their name", async () => {
  const request = fake.authRequest("presence-chat", { socketId: "1.2", params: { user: "Ada" } })
  const auth = await (await authorize(request)).json()
  assert.deepEqual(JSON.parse(auth.channel_data), { user_id: "ada", user_info: { name: "Ada" } })
  // Throws unless the signature is right.
  fake.connect("presence-chat", { socketId: "1.2", auth })
})

test("others do not", async () => {
  const requests = [
    fake.authRequest("private-chat"),
    fake.authRequest("presence-chat", { params: { user: "not a name" } }),
    fake.authRequest("private-other", { params: { user: "Ada" } }),
  ]
  for (const request of requests) assert.equal((await authorize(request)).status, 403)
})

test("prints the events of webhooks", async (t) => {
  const { mock: log } = t.mock.method(console, "log", () => {})
  fake.connect("private-chat")
  assert.equal((await receiveWebhook(fake.webhookRequest(fake.webhooks))).status, 200)
  assert.deepEqual(log.calls[0].arguments, ["webhook", '{"name":"channel_occupied","channel":"private-chat"}'])
  const forged = fake.webhookRequest(fake.webhooks, { "x-pusher-signature": "0".repeat(64) })
  const before = log.callCount()
  assert.equal((await receiveWebhook(forged)).status, 401)
  assert.equal(log.callCount(), before)
})
