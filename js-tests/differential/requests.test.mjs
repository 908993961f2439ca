// Compares the request that each asynchronous method sends, as a server on this machine receives it.
import { after } from "node:test"

import fc from "fast-check"
import nacl from "tweetnacl"

import { credentials, masterKey, startStub, toPlainRequest } from "./stub.mjs"
import { settle, Theirs, testSameness } from "./support.mjs"
import * as values from "./values.mjs"
import { mostly, nearlyAlways, partial, time } from "./values.mjs"

const { array, constant, constantFrom, integer, record, tuple } = fc

const stub = await startStub()
after(stub.close)

const options = nearlyAlways(
  constantFrom(credentials, { ...credentials, encryptionMasterKeyBase64: masterKey }),
  constantFrom({ key: "key", secret: "secret" }, { ...credentials, secret: undefined }, { appId: "3" }),
)
const makeInputs = (method, ...args) => record({ method: constant(method), options, args: tuple(...args), now: time })

const opener = new Theirs({ encryptionMasterKeyBase64: masterKey, useTLS: true })
/** Decrypts data with an independent implementation of secretbox. */
const decrypt = (channel, data) => {
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
/** Returns a request with its data decrypted, and without what depends on the body's bytes: nonces differ. */
const decryptRequest = (request) => {
  const body = request.body.includes('"private-encrypted-') && JSON.parse(request.body)
  const events = body?.batch ?? [body]
  const isEncrypted = ({ channel, channels = [channel] }) =>
    channels.length === 1 && /^private-encrypted-/.test(channels[0])
  if (!body || !events.some(isEncrypted)) return request
  const clear = events.map((event) =>
    isEncrypted(event) ? { ...event, data: decrypt(event.channel ?? event.channels[0], event.data) } : event,
  )
  const { "content-length": _, ...headers } = request.headers
  const url = request.url.replace(/(body_md5|auth_signature)=\w+/g, "$1=")
  // As text, because the order of members matters.
  return { ...request, headers, url, body: JSON.stringify(body.batch ? { ...body, batch: clear } : clear[0]) }
}

const callMethod = (Pusher, pusher, { method, args, now }) => {
  // `pusher` changes the caller's list, so it gets a copy.
  const [first, ...rest] = args
  const needsCopy = method === "triggerBatch" && Array.isArray(first) && Pusher === Theirs
  const given = needsCopy ? first.map((event) => (typeof event === "object" && event ? { ...event } : event)) : first
  return settle(now, () => pusher[method](given, ...rest))
}

const run = async (Pusher, input) => {
  const pusher = new Pusher({ ...input.options, ...stub.options, timeout: 10_000 })
  stub.requests = []
  const { value, ...outcome } = await callMethod(Pusher, pusher, input)
  if (value === undefined) return { ...outcome, sent: stub.requests.length }
  const [request, ...more] = stub.requests
  return {
    ...outcome,
    value: decryptRequest(toPlainRequest(request)),
    status: value.status,
    text: await value.text(),
    more,
  }
}

/** Runs a call whose `post` has been replaced, as by `jest.spyOn`. Returns its argument in the form of a request. */
const runReplaced = async (Pusher, input) => {
  const pusher = new Pusher({ ...input.options, ...stub.options })
  const posts = []
  pusher.post = function (...args) {
    const [{ path, body, ...others }, ...further] = args
    // Now, as the method itself would do.
    posts.push({ isThis: this === pusher, url: path, body: JSON.stringify(body), others, further })
    return "the answer"
  }
  stub.requests = []
  const { value, ...outcome } = await callMethod(Pusher, pusher, input)
  if (value === undefined) return { ...outcome, posts, sent: stub.requests }
  const [{ url, body, ...rest }, ...more] = posts
  const request = decryptRequest({ method: "POST", url, headers: {}, body })
  return { ...outcome, value: request, answer: value, rest, more, sent: stub.requests }
}
/** Tests a method as it is, and with a replaced `post`. Where that is called, nothing is signed, so the time does not matter. */
const testPosts = (name, runs, inputs) => {
  testSameness(name, runs, inputs, run)
  testSameness(
    `${name} through a replaced \`post\``,
    runs / 4,
    inputs.map((input) => ({ ...input, now: 0 })),
    runReplaced,
  )
}

const makeLists = (channel) =>
  mostly(
    array(channel, { minLength: 1, maxLength: 4 }),
    constantFrom([], Array(100).fill("a"), Array(101).fill("a"), Array(101).fill("a b")),
  )
const channels = mostly(values.channel, makeLists(values.channel))
const info = constantFrom("user_count", "user_count,subscription_count")
const params = mostly(
  mostly(constant(undefined), partial({ socket_id: values.validSocketId, info, later: fc.jsonValue() })),
  partial({
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
// Params that JSON cannot hold throw the engine's error in both, so its message is not compared.
const serialisable = params.filter((params) => isSerialisable({ ...params }))

testPosts("trigger", 1500, makeInputs("trigger", channels, values.eventName, values.data, serialisable))
testPosts(
  "trigger on an encrypted channel",
  500,
  makeInputs("trigger", values.encryptedChannel, values.eventName, values.data, serialisable),
)

const validEvent = record(
  {
    channel: values.plainChannel,
    name: fc.string({ minLength: 1 }),
    data: mostly(fc.string(), fc.jsonValue()),
    socket_id: values.validSocketId,
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
    socket_id: mostly(values.validSocketId, values.socketId),
    info: mostly(info, constantFrom(["user_count"], null)),
  },
  { requiredKeys: ["channel", "name"] },
)
const fixed = { channel: "a", name: "event", data: "x" }
const batches = mostly(
  array(validEvent, { minLength: 1, maxLength: 4 }),
  array(
    mostly(
      validEvent,
      anyEvent,
      validEvent.map((event) => ({ ...event, channel: `private-encrypted-${event.channel}` })),
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  array(mostly(anyEvent, values.oddValue), { minLength: 1, maxLength: 3 }),
  constantFrom(Array(10).fill(fixed), Array(11).fill(fixed), []),
  values.oddValue,
)
testPosts("triggerBatch", 1200, makeInputs("triggerBatch", batches))

testPosts("sendToUser", 800, makeInputs("sendToUser", values.userId, values.eventName, values.data))
testPosts("terminateUserConnections", 600, makeInputs("terminateUserConnections", values.userId))

const makeRequests = (members) =>
  nearlyAlways(record(members, { requiredKeys: ["path"] }), fc.oneof(partial(members), values.oddValue))
testSameness(
  "get",
  1200,
  makeInputs(
    "get",
    makeRequests({
      path: nearlyAlways(values.validPath, values.path),
      params: nearlyAlways(values.queryParams, values.oddParams),
      body: mostly(constantFrom(undefined, null), constantFrom({}, "body")),
    }),
  ),
  run,
)
const bodies = mostly(fc.object(), values.data)
testSameness(
  "post",
  1200,
  makeInputs(
    "post",
    makeRequests({
      path: nearlyAlways(values.validPath, values.path),
      params: nearlyAlways(values.queryParams, values.oddParams),
      body: bodies,
    }),
  ),
  run,
)
