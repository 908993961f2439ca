// Webhooks: what is valid, what is read, and what is thrown.
import fc from "fast-check"

import { differential, outcomeOf, Theirs } from "./support.mjs"
import { mostly, odd, text } from "./values.mjs"

const { array, constant, constantFrom, integer, oneof, record, tuple } = fc

const event = record({
  name: constantFrom("channel_occupied", "member_added", "client_event", "new_kind"),
  channel: text,
  data: text,
})
const told = record({
  time_ms: oneof(integer(), constantFrom("2020-01-01", null, 1e300)),
  events: array(event, { maxLength: 3 }),
})
const rawBody = mostly(
  oneof(told, fc.jsonValue()).map((body) => JSON.stringify(body)),
  told.map((body) => Buffer.from(JSON.stringify(body))),
  told.map((body) => new TextEncoder().encode(JSON.stringify(body)).buffer),
  constantFrom(
    "",
    "not json",
    "{",
    "\ufeff{}",
    "null",
    " null ",
    "1",
    '"\ud800"',
    Buffer.from([0x22, 0xff, 0x22]),
    new Uint8Array([0x22, 0xff, 0x22]),
  ),
  odd,
)
const contentType = mostly(
  constant("application/json"),
  constantFrom(
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/json;",
    "text/plain",
    "application/jsonx",
    undefined,
  ),
  odd,
)
const token = record({ key: constantFrom("a", "b", "c"), secret: constantFrom("one", "two", "\u00e9") })
const extra = mostly(
  oneof(constant(undefined), token, array(token, { maxLength: 3 })),
  odd,
  array(odd, { maxLength: 2 }),
)

/** How a request's headers come. */
const forms = mostly(
  constant((headers) => headers),
  constant((headers) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])),
  ),
  constant((headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))),
  constant((headers) => ({ ...headers, "X-PUSHER-KEY": headers["x-pusher-key"] })),
  constant((headers) => ({ ...headers, "x-pusher-signature": [headers["x-pusher-signature"], "0"] })),
  constant((headers) => {
    const texts = Object.entries(headers).filter(
      ([, value]) => typeof value === "string" && /^[\x20-\x7e]*$/.test(value),
    )
    return new Headers(Object.fromEntries(texts))
  }),
  odd.map((value) => () => value),
)

const signedBy = (token, body) => {
  try {
    return new Theirs.Token(token.key, token.secret).sign(body instanceof ArrayBuffer ? Buffer.from(body) : body)
  } catch {
    return "0".repeat(64)
  }
}
const inputs = tuple(
  rawBody,
  contentType,
  token,
  token,
  extra,
  forms,
  mostly(
    constant({}),
    record({ "x-pusher-key": odd }),
    record({
      "x-pusher-signature": oneof(
        odd,
        text.map((text) => text.toWellFormed()),
      ),
    }),
  ),
).map(([rawBody, type, token, signer, extra, form, wrong]) => {
  const headers = {
    "x-pusher-key": signer.key,
    "x-pusher-signature": signedBy(signer, rawBody),
    "content-type": type,
    ...wrong,
  }
  return { method: "webhook", request: { headers: form(headers), rawBody }, token, extra }
})

const METHODS = ["isContentTypeValid", "isBodyValid", "isValid", "getData", "getEvents", "getTime"]
const errorOf = ({ name, message, contentType, body, signature }) => ({ name, message, contentType, body, signature })

differential("webhook", 3000, inputs, (Pusher, { request, token, extra }) =>
  outcomeOf(0, () => {
    const webhook = new Pusher({ ...token, useTLS: true }).webhook(request)
    const results = METHODS.map((method) => {
      const { value, thrown } = outcomeOf(0, () => webhook[method](...(method === "isValid" ? [extra] : [])))
      if (thrown !== undefined && !(thrown instanceof Pusher.WebHookError)) throw thrown
      // Two invalid dates are not equal, but both are a Date.
      const told = value instanceof Date ? { date: String(value.getTime()) } : value
      return [method, thrown === undefined ? told : errorOf(thrown)]
    })
    return Object.fromEntries(results)
  }),
)
