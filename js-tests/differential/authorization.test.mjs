// Compares the answers to clients: for channels, users, and the secrets of encrypted channels.
import fc from "fast-check"

import { credentials, masterKey } from "./stub.mjs"
import { getOutcome, testSameness } from "./support.mjs"
import {
  channel,
  data,
  encryptedChannel,
  malformedChannel,
  mostly,
  nearlyAlways,
  oddValue,
  plainChannel,
  socketId,
  text,
  userId,
} from "./values.mjs"

const { constant, constantFrom, record, tuple } = fc

const withKey = { ...credentials, encryptionMasterKeyBase64: masterKey }
const options = nearlyAlways(constantFrom(credentials, withKey), constantFrom({ key: "key" }, { secret: "secret" }, {}))
const presence = record({ user_id: text, user_info: fc.jsonValue() }, { requiredKeys: ["user_id"] })
const user = record(
  {
    id: mostly(text, userId, oddValue),
    user_info: fc.jsonValue(),
    watchlist: fc.array(text, { maxLength: 3 }),
    more: data,
  },
  { requiredKeys: ["id"] },
)
const makeInputs = (method, ...args) => record({ method: constant(method), options, args: tuple(...args) })

/** Returns the answer, and the exact text that a client would receive. */
const run = (Pusher, { method, options, args }) => {
  const pusher = new Pusher({ ...options, useTLS: true })
  const { value, ...outcome } = getOutcome(0, () => pusher[method](...args))
  return "thrown" in outcome ? outcome : { ...outcome, value: { ...value }, text: JSON.stringify(value) }
}

const channelArguments = [mostly(socketId, constant("1.1")), channel, mostly(presence, constant(undefined), data)]
testSameness("authorizeChannel", 2500, makeInputs("authorizeChannel", ...channelArguments), run)
testSameness("authenticate", 800, makeInputs("authenticate", ...channelArguments), run)

testSameness(
  "authenticateUser",
  2000,
  makeInputs("authenticateUser", mostly(constant("1234.1234"), socketId), mostly(user, data)),
  run,
)

testSameness(
  "channelSharedSecret",
  800,
  makeInputs("channelSharedSecret", mostly(encryptedChannel, plainChannel, malformedChannel)),
  (Pusher, { options, args }) => {
    const pusher = new Pusher({ ...options, useTLS: true })
    const { value, ...outcome } = getOutcome(0, () => pusher.channelSharedSecret(...args))
    return value ? { ...outcome, value: value.toString("hex") } : outcome
  },
)
