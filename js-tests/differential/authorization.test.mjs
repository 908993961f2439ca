// What clients are answered: channels, users, and the secrets of encrypted channels.
import fc from "fast-check"

import { credentials, masterKey } from "./stub.mjs"
import { differential, outcomeOf } from "./support.mjs"
import {
  channel,
  data,
  encryptedChannel,
  mostly,
  nearlyAlways,
  odd,
  plainChannel,
  socketId,
  text,
  userId,
  wrongChannel,
} from "./values.mjs"

const { constant, constantFrom, record, tuple } = fc

const withKey = { ...credentials, encryptionMasterKeyBase64: masterKey }
const options = nearlyAlways(constantFrom(credentials, withKey), constantFrom({ key: "key" }, { secret: "secret" }, {}))
const presence = record({ user_id: text, user_info: fc.jsonValue() }, { requiredKeys: ["user_id"] })
const user = record(
  { id: mostly(text, userId, odd), user_info: fc.jsonValue(), watchlist: fc.array(text, { maxLength: 3 }), more: data },
  { requiredKeys: ["id"] },
)
const inputs = (method, ...args) => record({ method: constant(method), options, args: tuple(...args) })

/** The answer, and the very text that a client would get. */
const play = (Pusher, { method, options, args }) => {
  const pusher = new Pusher({ ...options, useTLS: true })
  const { value, ...outcome } = outcomeOf(0, () => pusher[method](...args))
  return "thrown" in outcome ? outcome : { ...outcome, value: { ...value }, text: JSON.stringify(value) }
}

const ofChannels = [mostly(socketId, constant("1.1")), channel, mostly(presence, constant(undefined), data)]
differential("authorizeChannel", 2500, inputs("authorizeChannel", ...ofChannels), play)
differential("authenticate", 800, inputs("authenticate", ...ofChannels), play)

differential(
  "authenticateUser",
  2000,
  inputs("authenticateUser", mostly(constant("1234.1234"), socketId), mostly(user, data)),
  play,
)

differential(
  "channelSharedSecret",
  800,
  inputs("channelSharedSecret", mostly(encryptedChannel, plainChannel, wrongChannel)),
  (Pusher, { options, args }) => {
    const pusher = new Pusher({ ...options, useTLS: true })
    const { value, ...outcome } = outcomeOf(0, () => pusher.channelSharedSecret(...args))
    return value ? { ...outcome, value: value.toString("hex") } : outcome
  },
)
