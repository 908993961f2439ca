// Compares tokens and signed queries.
import fc from "fast-check"

import { credentials } from "./stub.mjs"
import { getOutcome, Theirs, testSameness } from "./support.mjs"
import { mostly, nearlyAlways, oddParams, oddValue, partial, queryParams, text, time } from "./values.mjs"

const { constant, constantFrom, oneof, record, tuple } = fc

const signature = tuple(text, text, text).map(([string, secret, other]) => ({ string, secret, other }))
const tokens = tuple(
  signature,
  mostly(
    constant({}),
    record({ key: oddValue }),
    record({ secret: oddValue }),
    record({ string: oddValue }),
    record({ given: oddValue }),
  ),
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

testSameness("Token", 1500, tokens, (Pusher, { token: { key, secret }, args: [string, signature] }) =>
  getOutcome(0, () => {
    const token = new Pusher.Token(key, secret)
    const signed = getOutcome(0, () => token.sign(string))
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
    // Methods of HTTP are ASCII.
    method: nearlyAlways(constantFrom("GET", "POST", "get", "Post"), oneof(oddValue, fc.string())),
    path: nearlyAlways(oneof(constantFrom("/apps/3/channels", "/apps/3/events", "/", ""), text), oddValue),
    params: nearlyAlways(queryParams, oddParams),
    body: mostly(constantFrom(undefined, "", '{"name":"foo"}', "\u00e9\u{1f600}"), text, oddValue),
  }),
  oneof(partial({ method: constant("GET"), path: constant("/"), body: constant("x") }), oddValue),
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

testSameness("createSignedQueryString", 3000, inputs, (Pusher, { options, args, now }) => {
  const pusher = new Pusher({ ...options, useTLS: true })
  return getOutcome(now, () => pusher.createSignedQueryString(...args))
})
