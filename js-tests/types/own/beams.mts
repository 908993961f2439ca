// The subpath `/beams`. Each `@ts-expect-error` is a mistake that the types must find.
import { PusherRequestError, PusherValidationError } from "pusher-http-wasm"
import {
  type ApnsPayload,
  Beams,
  type BeamsCallOptions,
  type BeamsFetch,
  type BeamsOptions,
  type PublishRequest,
  type PublishResponse,
  type TokenQuestion,
} from "pusher-http-wasm/beams"

const options: BeamsOptions = {
  instanceId: "id",
  secretKey: "key",
  host: undefined,
  fetch,
  timeout: 1000,
  retry: { attempts: 2 },
}
const beams = new Beams(options)
beams.instanceId satisfies string
beams.host satisfies string
new Beams({ instanceId: "id", secretKey: "key", fetch: undefined, timeout: undefined, retry: undefined })
new Beams({ instanceId: "id", secretKey: "key", retry: false, fetch: async () => new Response("{}") })
const send: BeamsFetch = (url, { method, headers, ...init }) => {
  method satisfies "POST" | "DELETE"
  return fetch(url, { method, headers: { ...headers, "x-mine": "1" }, ...init })
}
new Beams({ instanceId: "id", secretKey: "key", fetch: send })

const apns: ApnsPayload = {
  aps: { alert: { title: "Hello", body: "World" }, badge: 1, "thread-id": "a", "interruption-level": "passive" },
  priority: 5,
  data: { any: "thing" },
}
const everything: PublishRequest = {
  apns,
  fcm: {
    notification: { title: "Hello", body: "World", body_loc_args: ["a"] },
    priority: "high",
    time_to_live: 60,
    data: {},
  },
  web: {
    notification: { title: "Hello", deep_link: "https://example.com", hide_notification_if_site_has_focus: true },
    time_to_live: 60,
  },
  webhookUrl: "https://example.com/webhooks",
}
const interests = ["a", "b"] as const
const published: PublishResponse = await beams.publishToInterests(interests, everything)
published.publishId satisfies string
await beams.publishToUsers(["alice"], { fcm: {} })
await beams.publishToUsers(["alice"], { web: {}, webhookUrl: undefined })
const callOptions: BeamsCallOptions = { signal: new AbortController().signal, retry: false }
await beams.publishToInterests(["a"], { apns: { aps: { alert: "Hello" } } }, callOptions)
beams.deleteUser("alice", { signal: undefined, retry: undefined }) satisfies Promise<void>
beams.generateToken("alice").token satisfies string

const handler = beams.tokenHandler(
  async ({ request, userId, env, ctx }: TokenQuestion) => {
    request.headers.get("cookie") satisfies string | null
    void [env, ctx]
    return userId === "alice" ? userId : null
  },
  {
    cors: { origins: ["https://example.com"], credentials: true },
    onError: (error, { request }) => void [error, request],
  },
)
const answer: Response = await handler(new Request("https://example.com/?user_id=alice"))
beams.tokenHandler(() => undefined)
beams.tokenHandler(({ userId }) => userId)
void [answer, PusherRequestError, PusherValidationError]

// @ts-expect-error: no secret key
new Beams({ instanceId: "id" })
// @ts-expect-error: no options
new Beams()
// @ts-expect-error: no such option
new Beams({ ...options, endpoint: "localhost" })
// @ts-expect-error: no number
new Beams({ ...options, timeout: "1000" })
// @ts-expect-error: no fetch
new Beams({ ...options, fetch: async (url: number) => new Response(String(url)) })
// @ts-expect-error: the secret key is not to be had
beams.secretKey
// @ts-expect-error: one interest is no list
beams.publishToInterests("a", everything)
// @ts-expect-error: no notification
beams.publishToInterests(["a"])
// @ts-expect-error: for no kind of device
beams.publishToInterests(["a"], {})
// @ts-expect-error: for no kind of device
beams.publishToInterests(["a"], { webhookUrl: "https://example.com" })
// @ts-expect-error: no such kind of device
beams.publishToInterests(["a"], { apns, gcm: {} })
// @ts-expect-error: no `aps`
beams.publishToInterests(["a"], { apns: {} })
// @ts-expect-error: no such priority
beams.publishToInterests(["a"], { apns: { ...apns, priority: 7 } })
// @ts-expect-error: no such member
beams.publishToInterests(["a"], { web: { notification: { deeplink: "https://example.com" } } })
// @ts-expect-error: no string
beams.publishToUsers([5], everything)
// @ts-expect-error: no such option
beams.publishToUsers(["a"], everything, { idempotencyKey: "a" })
// @ts-expect-error: resolves to nothing
const deleted: string = await beams.deleteUser("alice")
// @ts-expect-error: no string
beams.generateToken(5)
// @ts-expect-error: no id
beams.tokenHandler(() => true)
// @ts-expect-error: no such option
beams.tokenHandler(() => null, { maxAge: 5 })
void deleted
