// Checks of what endpoints are made with: a mistake is told when the endpoint is made, not at the first request.
import { PusherValidationError } from "pusher-http-wasm"

/** Makes an error about an option or argument. */
export const invalidOption = (field, rule) =>
  new PusherValidationError(`Invalid ${field}: ${rule}`, "invalid_option", { field })

/** Checks that a value is an object without members other than these. Returns its own, each read once, and none of `Object.prototype`. */
export const checkMembers = (field, value, known) => {
  const names = known.join(", ")
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalidOption(field, `it must be an object with any of ${names}`)
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw invalidOption(field, `it has no member \`${name}\`; known are ${names}`)
  }
  return { __proto__: null, ...value }
}

/** Throws if a handler was called with anything but a `Request`: nobody would use its answer. */
export const checkRequest = (request) => {
  if (typeof request?.headers?.get === "function") return
  throw new PusherValidationError(
    "Invalid request: it must be a `Request`, such as `c.req.raw` in Hono. For Node's servers and Lambda, use `nodeHandler` or `lambdaHandler` of pusher-http-wasm/node",
    "invalid_argument",
    { field: "request" },
  )
}

/** Checks that a value is a function, or, where it need not be there, absent. */
export const checkFunction = (field, value, isOptional = false) => {
  if (typeof value === "function" || (isOptional && value === undefined)) return
  throw invalidOption(field, "it must be a function")
}

/** Checks that a value is a boolean or absent. */
export const checkFlag = (field, value) => {
  if (value !== undefined && typeof value !== "boolean") throw invalidOption(field, "it must be true or false")
}
