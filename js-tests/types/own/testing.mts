// The subpath `/testing`. Each `@ts-expect-error` is a mistake that the types must find.
import Pusher from "pusher-http-wasm"
import {
  type ChannelState,
  type FakeAnswer,
  type FakeChannels,
  type FakeChannelsOptions,
  fakeChannels,
  type LocalChannels,
  type LocalChannelsOptions,
  type RecordedRequest,
  type Subscriber,
  startLocalChannels,
  type TriggeredEvent,
} from "pusher-http-wasm/testing"

const options: FakeChannelsOptions = {
  appId: "1",
  key: "key",
  secret: "secret",
  encryptionMasterKeyBase64: undefined,
  enabled: true,
  now: () => 0,
  limits: { eventBytes: 10 },
}
const fake: FakeChannels = fakeChannels(options)
fakeChannels().url satisfies string
const pusher = new Pusher(fake.options)
new Pusher({ ...fake.options, retry: false })
new Pusher({ appId: "1", key: "key", secret: "secret", fetch: fake.fetch })
globalThis.fetch satisfies (input: any, init?: any) => Promise<Awaited<ReturnType<typeof fake.fetch>>>
await pusher.trigger("a", "e", 1)

const found: TriggeredEvent[] = fake.expectTriggered({ channel: "a", event: "e", data: { any: "thing" } }, { times: 1 })
fake.expectTriggered()
fake.expectTriggered({ data: (data: { id: number }) => data.id === 1 })
found[0]?.socketId satisfies string | undefined
const [request]: RecordedRequest[] = fake.requests
request?.response?.status satisfies number | undefined

const fault: FakeAnswer = { status: 500, headers: { "retry-after": "1" }, body: { error: "a" }, takesRequest: true }
fake.failNext(fault)
fake.failNext({ hang: true })
const undo: () => void = fake.respondWith({ status: 200, body: new Uint8Array() })
undo()
fake.respondWith(async ({ method, path }) => (method === "GET" ? { status: 404, body: path } : undefined))
const state: ChannelState = { users: ["1"], userCount: undefined, subscriptionCount: 2 }
fake.channels.set("presence-a", state).set("b").delete("b")

const subscriber: Subscriber = fake.connect("presence-a", { member: { user_id: "1", user_info: { name: "a" } } })
fake.connect("private-a", { socketId: "1.2", auth: pusher.authorizeChannel("1.2", "private-a") })
subscriber.trigger("client-a", { any: "thing" })
subscriber.received.map(({ channel, event, data, userId }) => [channel, event, data, userId])
subscriber.disconnect()

const handler = (request: Request): Promise<string> => request.text()
handler(fake.webhookRequest({ name: "channel_occupied", channel: "a" }))
handler(fake.webhookRequest(fake.webhooks, { "x-mine": "1" }, { url: "https://example.com/", time: 0 }))
handler(fake.authRequest("private-a", { socketId: "1.2", params: { team: "a" }, headers: new Headers() }))
handler(fake.userAuthRequest())
fake.reset()

const localOptions: LocalChannelsOptions = {
  apps: [{ id: "1", webhooks: [{ url: "http://127.0.0.1:1/", events: ["client_event"] }] }],
  port: undefined,
  manners: "soketi",
  log: (line) => line.length,
}
const server: LocalChannels = await startLocalChannels(localOptions)
new Pusher({ appId: server.apps[0].id, key: "key", secret: "secret", host: server.host, port: server.port })
new Pusher(server.options)
Pusher.fromEnv(server.env)
Pusher.fromEnv(fake.env, { fetch: fake.fetch })
server.pusherJsOptions.wsPort.toFixed()
server.intercept(({ path }) => (path === "/" ? { reset: true } : undefined))()
await server.webhooksIdle()
server.webhookDeliveries.map(({ outcome, attempts }) => [outcome, attempts[0]?.status])
await server.close()

// @ts-expect-error: no such option
fakeChannels({ appID: "1" })
// @ts-expect-error: no such limit
fakeChannels({ limits: { bytes: 1 } })
// @ts-expect-error: no such fault
fake.failNext({ broken: true })
// @ts-expect-error: an event has no name
fake.expectTriggered({ name: "e" })
// @ts-expect-error: no such option
fake.expectTriggered({}, { count: 1 })
// @ts-expect-error: no list of users
fake.channels.set("presence-a", { users: "1" })
// @ts-expect-error: a member needs an id
fake.connect("presence-a", { member: { id: "1" } })
// @ts-expect-error: an event needs a name
fake.webhookRequest({ channel: "a" })
// @ts-expect-error: no such server
startLocalChannels({ manners: "other" })
