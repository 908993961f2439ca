// Tokens and signed queries.
import fc from "fast-check"

import { credentials } from "./stub.mjs"
import { differential, outcomeOf, Theirs } from "./support.mjs"
import { mostly, nearlyAlways, odd, oddParams, queryParams, some, text, time } from "./values.mjs"

const { constant, constantFrom, oneof, record, tuple } = fc

const signature = tuple(text, text, text).map(([string, secret, other]) => ({ string, secret, other }))
const tokens = tuple(
  signature,
  mostly(constant({}), record({ key: odd }), record({ secret: odd }), record({ string: odd }), record({ given: odd })),
).chain(([{ string, secret, other }, wrong]) => {
  const right = new Theirs.Token("key", secret).sign(string)
  const given = constantFrom(
    right,
    right,
    right.toUpperCase(),
    right.slice(1),
    `${right}0`,
    right.replace(/./, "0"),
    other,
    new Theirs.Token("key", other).sign(string),
  )
  return given.map((given) => ({
    method: "token",
    token: { key: "key", secret, ...wrong },
    args: [wrong.string ?? string, wrong.given ?? given],
  }))
})

differential("Token", 1500, tokens, (Pusher, { token: { key, secret }, args: [string, signature] }) =>
  outcomeOf(0, () => {
    const token = new Pusher.Token(key, secret)
    const signed = outcomeOf(0, () => token.sign(string))
    return {
      key: token.key,
      secret: token.secret,
      signature: signed.value ?? signed.thrown.code,
      verifies: token.verify(string, signature),
    }
  }),
)

const requests = nearlyAlways(
  record({
    // What HTTP calls a method is ASCII.
    method: nearlyAlways(constantFrom("GET", "POST", "get", "Post"), oneof(odd, fc.string())),
    path: nearlyAlways(oneof(constantFrom("/apps/3/channels", "/apps/3/events", "/", ""), text), odd),
    params: nearlyAlways(queryParams, oddParams),
    body: mostly(constantFrom(undefined, "", '{"name":"foo"}', "\u00e9\u{1f600}"), text, odd),
  }),
  oneof(some({ method: constant("GET"), path: constant("/"), body: constant("x") }), odd),
)

const inputs = record({
  method: constant("createSignedQueryString"),
  options: nearlyAlways(
    constant(credentials),
    constantFrom(
      { ...credentials, key: "k&y" },
      { ...credentials, appId: undefined },
      { key: "key" },
      { secret: "secret" },
    ),
  ),
  args: tuple(requests),
  now: time,
})

differential("createSignedQueryString", 3000, inputs, (Pusher, { options, args, now }) => {
  const pusher = new Pusher({ ...options, useTLS: true })
  return outcomeOf(now, () => pusher.createSignedQueryString(...args))
})
