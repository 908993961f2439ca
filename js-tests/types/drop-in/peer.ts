// Uses every part of npm `pusher`'s types. Compiled against those and against ours, with the first import written in each way.

import type { Agent } from "node:http"

import Pusher from "pusher-http-wasm"

declare const keepAlive: Agent

// --- options and constructors
const base: Pusher.BaseOptions = {
  appId: "1",
  key: "key",
  secret: "secret",
  useTLS: true,
  timeout: 1000,
  agent: keepAlive,
  encryptionMasterKeyBase64: "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=",
}
const older: Pusher.BaseOptions = { appId: "1", key: "key", secret: "secret", encrypted: true }
const inCluster: Pusher.Options = { ...base, cluster: "eu" }
const onHost: Pusher.Options = { ...older, host: "localhost", port: "6001" }
const either = (local: boolean): Pusher.Options => (local ? onHost : inCluster)
const pusher: Pusher = new Pusher(either(false))
const others: Pusher[] = [
  new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu" }),
  new Pusher({ appId: "1", key: "key", secret: "secret", host: "localhost" }),
  new Pusher(onHost),
  Pusher.forCluster("eu", base),
  Pusher.forURL("https://key:secret@localhost/apps/1"),
  Pusher.forURL("https://key:secret@localhost/apps/1", { timeout: 1000 }),
  Pusher.forURL("https://key:secret@localhost/apps/1", {} as Partial<Pusher.Options>),
]

class Publisher extends Pusher {
  announce(event: string, data: any) {
    return this.trigger("news", event, data)
  }
}
new Publisher(inCluster).announce("event", {}).then((response) => response.status)

interface Dependencies {
  pusher: Pick<Pusher, "trigger" | "authorizeChannel">
  options: Pusher.Options
}
const dependencies: Dependencies = { pusher, options: inCluster }

// --- publishing
const params: Pusher.TriggerParams = { socket_id: "1.1", info: "user_count" }
interface TracedParams extends Pusher.TriggerParams {
  trace: string
}
const traced: TracedParams = { ...params, trace: "x" }
async function announce(channels: string[], data: unknown, anything: any) {
  await pusher.trigger("channel", "event", data)
  await pusher.trigger(channels, "event", anything, params)
  await pusher.trigger(channels, "event", { any: ["data"] }, { info: "user_count" })
  await pusher.trigger("channel", "event", "text", traced)
  const event: Pusher.BatchEvent = { channel: "channel", name: "event", data: 1, socket_id: "1.1", info: "user_count" }
  const events: Pusher.BatchEvent[] = [event, { channel: "channel", name: "event", data }]
  await pusher.triggerBatch(events)
  await pusher.sendToUser("user", "event", data)
  const response = await pusher.terminateUserConnections("user")
  const { ok, status, statusText, url } = response
  const told: [boolean, number, string, string] = [ok, status, statusText, url]
  const parsed: any = await response.json()
  const text: string = await response.text()
  const type: string | null = response.headers.get("content-type")
  return [told, parsed, text, type, event.channel, event.name, event.data]
}
const trigger: (
  channel: string | Array<string>,
  event: string,
  data: any,
  params?: Pusher.TriggerParams,
) => Promise<{ status: number }> = pusher.trigger.bind(pusher)

// --- any endpoint
const own: Pusher.Params = { filter_by_prefix: "presence-", info: "user_count", limit: 1 }
const request: Pusher.RequestOptions = { path: "/channels", params: own }
const get: Pusher.GetOptions = request
const post: Pusher.PostOptions = { path: "/events", body: "{}", params: own }
const query: Pusher.SignedQueryStringOptions = { method: "POST", path: "/apps/1/events", body: "{}", params: own }
const answers: Promise<{ ok: boolean }>[] = [pusher.get(get), pusher.get({ path: "/channels" }), pusher.post(post)]
const signed: string = pusher.createSignedQueryString(query)
// @ts-expect-error: a parameter that signing sets
const reserved: Pusher.Params = { auth_key: "x" }
// @ts-expect-error
pusher.get({ path: "/channels", params: { body_md5: "x" } })
// @ts-expect-error: there is no such method
pusher.publishEverything()
// @ts-expect-error: an event's name is a string
pusher.trigger("channel", 1, {})

// --- answers for clients
const member: Pusher.PresenceChannelData = { user_id: "1", user_info: { name: "x", any: [1] } }
const user: Pusher.UserChannelData = { id: "1", user_info: { name: "x" }, watchlist: ["2"], more: true }
const channelAnswers: Pusher.ChannelAuthResponse[] = [
  pusher.authorizeChannel("1.1", "private-a"),
  pusher.authorizeChannel("1.1", "presence-a", member),
  pusher.authenticate("1.1", "presence-a", member),
]
const olderAnswer: Pusher.AuthResponse = channelAnswers[0]
const userAnswer: Pusher.UserAuthResponse = pusher.authenticateUser("1.1", user)
const texts: (string | undefined)[] = [
  olderAnswer.auth,
  olderAnswer.channel_data,
  olderAnswer.shared_secret,
  userAnswer.auth,
  userAnswer.user_data,
]
// @ts-expect-error: a user has an id
pusher.authenticateUser("1.1", { name: "x" })

// --- webhooks
const received: Pusher.WebHookRequest = { headers: { "x-pusher-key": "key" }, rawBody: "{}" }
const webhook: Pusher.WebHook = pusher.webhook(received)
const checks: boolean[] = [
  webhook.isValid(),
  webhook.isValid({ key: "key", secret: "secret" }),
  webhook.isValid([{ key: "key", secret: "secret" }]),
  webhook.isContentTypeValid(),
  webhook.isBodyValid(),
]
const at: Date = webhook.getTime()
const { time_ms, events } = webhook.getData()
const names: string[] = webhook
  .getEvents()
  .concat(events)
  .map((event) => `${event.name} ${event.channel} ${event.event} ${event.data} ${event.socket_id}`)
const told: [Date, number, string[], boolean[]] = [at, time_ms, names, checks]
const constructed: Pusher.WebHook = new Pusher.WebHook({ key: "key", secret: "secret" }, received)

// --- errors
const failures: Error[] = [
  new Pusher.RequestError("message", "url", new Error("cause")),
  new Pusher.RequestError("message", "url", new Error("cause"), 400, "body"),
  new Pusher.WebHookError("message", "application/json", "body", "signature"),
]
function explain(error: unknown): string {
  if (error instanceof Pusher.RequestError) {
    const cause: Error = error.error
    const status: number | undefined = error.status
    const body: string | undefined = error.body
    return [error.message, error.url, cause.message, status, body, error.stack].join(" ")
  }
  if (error instanceof Pusher.WebHookError)
    return [error.message, error.contentType, error.body, error.signature].join(" ")
  return String(error)
}
pusher.trigger("channel", "event", {}).catch((error: Pusher.RequestError) => explain(error))

void [dependencies, others, announce, trigger, answers, signed, reserved, texts, told, constructed, failures]
