// Whatever may be left out may be `undefined`, also with `exactOptionalPropertyTypes`.
import Pusher from "pusher-http-wasm"

const pusher = new Pusher({
  appId: "1",
  key: "key",
  secret: "secret",
  cluster: undefined,
  host: undefined,
  useTLS: undefined,
  encrypted: undefined,
  scheme: undefined,
  port: undefined,
  pathPrefix: undefined,
  signPathPrefix: undefined,
  timeout: undefined,
  encryptionMasterKeyBase64: undefined,
  encryptionMasterKey: undefined,
  maxPayloadBytes: undefined,
  maxChannels: undefined,
  maxBatchEvents: undefined,
  maxResponseBytes: undefined,
  fetch: undefined,
  fetchOptions: undefined,
  agent: undefined,
  headers: undefined,
  json: undefined,
  onRequest: undefined,
  onResponse: undefined,
  now: undefined,
  randomBytes: undefined,
})
const socketId = (): string | undefined => undefined
new Pusher({ appId: "1", key: "key", secret: "secret", json: { parse: undefined, stringify: undefined } })
Pusher.forURL("https://key:secret@localhost/apps/1", undefined)
Pusher.forURL("https://key:secret@localhost/apps/1", { timeout: undefined, appId: undefined })
Pusher.forCluster("eu", { appId: "1", key: "key", secret: "secret", timeout: undefined })
Pusher.fromEnv(undefined, undefined)
const params: Pusher.TriggerParams = {
  socket_id: undefined,
  info: undefined,
  signal: undefined,
  idempotencyKey: undefined,
}
pusher.trigger("channel", "event", undefined, params)
pusher.trigger("channel", "event", {}, { socket_id: socketId() })
pusher.trigger("channel", "event", {}, undefined)
pusher.triggerBatch([{ channel: "channel", name: "event", data: undefined, socket_id: undefined, info: undefined }])
pusher.triggerBatch([], { signal: undefined, idempotencyKey: undefined })
pusher.channels({ prefix: undefined, filter_by_prefix: undefined, info: undefined, signal: undefined })
pusher.channel("channel", { info: undefined, signal: undefined })
pusher.channelUsers("presence-a", { signal: undefined })
pusher.get({ path: "/channels", params: undefined, signal: undefined, idempotencyKey: undefined })
pusher.post({ path: "/events", body: undefined, params: undefined })
pusher.createSignedQueryString({ method: "GET", path: "/", body: undefined, params: undefined })
pusher.authorizeChannel("1.1", "presence-a", { user_id: "1", user_info: undefined })
pusher.authorizeChannel("1.1", "private-a", undefined)
pusher.authenticateUser("1.1", { id: "1", user_info: undefined, watchlist: undefined })
pusher.webhook({ headers: {}, rawBody: "" }).isValid(undefined)
pusher.webhook({ headers: {}, rawBody: "" }).verify(undefined)
