// The request that each asynchronous method sends, as a server on this machine receives it.
import { after } from "node:test"

import fc from "fast-check"
import nacl from "tweetnacl"

import { credentials, masterKey, plainRequest, startStub } from "./stub.mjs"
import { differential, settledOf, Theirs } from "./support.mjs"
import * as values from "./values.mjs"
import { mostly, nearlyAlways, some, time } from "./values.mjs"

const { array, constant, constantFrom, integer, record, tuple } = fc

const stub = await startStub()
after(stub.close)

const options = nearlyAlways(
  constantFrom(credentials, { ...credentials, encryptionMasterKeyBase64: masterKey }),
  constantFrom({ key: "key", secret: "secret" }, { ...credentials, secret: undefined }, { appId: "3" }),
)
const inputs = (method, ...args) => record({ method: constant(method), options, args: tuple(...args), now: time })

const opener = new Theirs({ encryptionMasterKeyBase64: masterKey, useTLS: true })
/** What was sealed, opened with another implementation of the same. */
const opened = (channel, data) => {
  try {
    const { nonce, ciphertext, ...more } = JSON.parse(data)
    const [box, number] = [ciphertext, nonce].map((text) => Buffer.from(text, "base64"))
    return {
      sealed: Buffer.from(nacl.secretbox.open(box, number, opener.channelSharedSecret(channel))).toString(),
      ...more,
    }
  } catch {
    return { "not sealed": data }
  }
}
/** A request with encrypted data in the clear: as nonces differ, so does all that depends on the body's bytes. */
const inTheClear = (request) => {
  const body = request.body.includes('"private-encrypted-') && JSON.parse(request.body)
  const events = body?.batch ?? [body]
  const isEncrypted = ({ channel, channels = [channel] }) =>
    channels.length === 1 && /^private-encrypted-/.test(channels[0])
  if (!body || !events.some(isEncrypted)) return request
  const clear = events.map((event) =>
    isEncrypted(event) ? { ...event, data: opened(event.channel ?? event.channels[0], event.data) } : event,
  )
  const { "content-length": _, ...headers } = request.headers
  const url = request.url.replace(/(body_md5|auth_signature)=\w+/g, "$1=")
  // Not as an object: the order of members counts.
  return { ...request, headers, url, body: JSON.stringify(body.batch ? { ...body, batch: clear } : clear[0]) }
}

const play = async (Pusher, { method, options, args, now }) => {
  const pusher = new Pusher({ ...options, ...stub.options, timeout: 10_000 })
  stub.requests = []
  // `pusher` writes into the list that it is given.
  const [first, ...rest] = args
  const own = method === "triggerBatch" && Array.isArray(first) && Pusher === Theirs
  const given = own ? first.map((event) => (typeof event === "object" && event ? { ...event } : event)) : first
  const { value, ...outcome } = await settledOf(now, () => pusher[method](given, ...rest))
  if (value === undefined) return { ...outcome, sent: stub.requests.length }
  const [request, ...more] = stub.requests
  return { ...outcome, value: inTheClear(plainRequest(request)), status: value.status, text: await value.text(), more }
}

const lists = (channel) =>
  mostly(
    array(channel, { minLength: 1, maxLength: 4 }),
    constantFrom([], Array(100).fill("a"), Array(101).fill("a"), Array(101).fill("a b")),
  )
const channels = mostly(values.channel, lists(values.channel))
const info = constantFrom("user_count", "user_count,subscription_count")
const params = mostly(
  mostly(constant(undefined), some({ socket_id: values.rightSocketId, info, later: fc.jsonValue() })),
  some({
    socket_id: mostly(constant("1.1"), values.socketId),
    info: mostly(info, constantFrom(["user_count", "subscription_count"], [])),
    name: constant("other"),
    data: constant("other"),
    channels: constant(["private-encrypted-a"]),
    1: integer(),
    later: values.data.filter((value) => typeof value !== "bigint" && value?.name !== "circular" && !value?.big),
  }),
  constantFrom(null, 0, "", false, true, "1.1", 1),
)
const isSerialisable = (value) => {
  try {
    return JSON.stringify({ value }) !== undefined
  } catch {
    return false
  }
}
// What cannot be a member of the body is the caller's exception in both; its message is the engine's.
const serialisable = params.filter((params) => isSerialisable({ ...params }))

differential("trigger", 1500, inputs("trigger", channels, values.eventName, values.data, serialisable), play)
differential(
  "trigger on an encrypted channel",
  500,
  inputs("trigger", values.encryptedChannel, values.eventName, values.data, serialisable),
  play,
)

const rightEvent = record(
  {
    channel: values.plainChannel,
    name: fc.string({ minLength: 1 }),
    data: mostly(fc.string(), fc.jsonValue()),
    socket_id: values.rightSocketId,
    info,
  },
  { requiredKeys: ["channel", "name", "data"] },
)
const anyEvent = record(
  {
    name: values.eventName,
    later: fc.jsonValue(),
    channel: values.channel,
    data: values.data,
    socket_id: mostly(values.rightSocketId, values.socketId),
    info: mostly(info, constantFrom(["user_count"], null)),
  },
  { requiredKeys: ["channel", "name"] },
)
const fixed = { channel: "a", name: "event", data: "x" }
const batches = mostly(
  array(rightEvent, { minLength: 1, maxLength: 4 }),
  array(
    mostly(
      rightEvent,
      anyEvent,
      rightEvent.map((event) => ({ ...event, channel: `private-encrypted-${event.channel}` })),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  array(mostly(anyEvent, values.odd), { minLength: 1, maxLength: 3 }),
  constantFrom(Array(10).fill(fixed), Array(11).fill(fixed), []),
  values.odd,
)
differential("triggerBatch", 1200, inputs("triggerBatch", batches), play)

differential("sendToUser", 800, inputs("sendToUser", values.userId, values.eventName, values.data), play)
differential("terminateUserConnections", 600, inputs("terminateUserConnections", values.userId), play)

const request = (members) =>
  nearlyAlways(record(members, { requiredKeys: ["path"] }), fc.oneof(some(members), values.odd))
differential(
  "get",
  1200,
  inputs(
    "get",
    request({
      path: nearlyAlways(values.rightPath, values.path),
      params: nearlyAlways(values.queryParams, values.oddParams),
      body: mostly(constantFrom(undefined, null), constantFrom({}, "body")),
    }),
  ),
  play,
)
const bodies = mostly(fc.object(), values.data)
differential(
  "post",
  1200,
  inputs(
    "post",
    request({
      path: nearlyAlways(values.rightPath, values.path),
      params: nearlyAlways(values.queryParams, values.oddParams),
      body: bodies,
    }),
  ),
  play,
)
