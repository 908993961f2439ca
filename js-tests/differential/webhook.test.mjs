// Compares webhooks: their validity, the data read from them, and the errors thrown.
import fc from "fast-check"

import { pick } from "../support/assertions.mjs"
import { getOutcome, Theirs, testSameness } from "./support.mjs"
import { mostly, oddValue, text } from "./values.mjs"

const { array, constant, constantFrom, integer, oneof, record, tuple } = fc

const event = record({
  name: constantFrom("channel_occupied", "member_added", "client_event", "new_kind"),
  channel: text,
  data: text,
})
const payload = record({
  time_ms: oneof(integer(), constantFrom("2020-01-01", null, 1e300)),
  events: array(event, { maxLength: 3 }),
})
const rawBody = mostly(
  oneof(payload, fc.jsonValue()).map((body) => JSON.stringify(body)),
  payload.map((body) => Buffer.from(JSON.stringify(body))),
  payload.map((body) => new TextEncoder().encode(JSON.stringify(body)).buffer),
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
  oddValue,
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
  oddValue,
)
const token = record({ key: constantFrom("a", "b", "c"), secret: constantFrom("one", "two", "\u00e9") })
const extra = mostly(
  oneof(constant(undefined), token, array(token, { maxLength: 3 })),
  oddValue,
  array(oddValue, { maxLength: 2 }),
)

/** The forms in which a request's headers may come. */
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
  oddValue.map((value) => () => value),
)

const sign = (token, body) => {
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
    record({ "x-pusher-key": oddValue }),
    record({
      "x-pusher-signature": oneof(
        oddValue,
        text.map((text) => text.toWellFormed()),
      ),
    }),
  ),
).map(([rawBody, type, token, signer, extra, form, wrong]) => {
  const headers = {
    "x-pusher-key": signer.key,
    "x-pusher-signature": sign(signer, rawBody),
    "content-type": type,
    ...wrong,
  }
  return { method: "webhook", request: { headers: form(headers), rawBody }, token, extra }
})

const METHODS = ["isContentTypeValid", "isBodyValid", "isValid", "getData", "getEvents", "getTime"]
const describeError = (error) => pick(error, "name", "message", "contentType", "body", "signature")

testSameness("webhook", 3000, inputs, (Pusher, { request, token, extra }) =>
  getOutcome(0, () => {
    const webhook = new Pusher({ ...token, useTLS: true }).webhook(request)
    const results = METHODS.map((method) => {
      const { value, thrown } = getOutcome(0, () => webhook[method](...(method === "isValid" ? [extra] : [])))
      if (thrown !== undefined && !(thrown instanceof Pusher.WebHookError)) throw thrown
      // Invalid dates are never equal, so dates are compared by their text.
      const result = value instanceof Date ? { date: String(value.getTime()) } : value
      return [method, thrown === undefined ? result : describeError(thrown)]
    })
    return Object.fromEntries(results)
  }),
)
