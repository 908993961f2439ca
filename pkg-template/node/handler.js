// Calls a fetch-style handler, for all adapters.
import { PusherValidationError } from "pusher-http-wasm"

/** Describes a value by its type and the names of its first members. Never shows what they hold. */
const describe = (value) => {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return "a list"
  if (typeof value !== "object") return `a ${typeof value}`
  return ["an object", ...Object.keys(value).slice(0, 10)].join(", ").replace(", ", " with ")
}

/** Makes an error about what was passed to an adapter, or returned to it. */
export const argumentError = (field, expected, value) =>
  new PusherValidationError(`${expected}, not ${describe(value)}`, "invalid_argument", { field })

/** Makes `Headers` of names and values. Leaves out what the host refuses, such as a value with characters beyond Latin-1. */
export const makeHeaders = (pairs) => {
  const headers = new Headers()
  for (const [name, value] of pairs) {
    try {
      headers.append(name, value)
    } catch {}
  }
  return headers
}

/** Throws if a handler is not a function. */
export const checkHandler = (adapter, handler) => {
  if (typeof handler !== "function") throw argumentError("handler", `${adapter} takes a function`, handler)
}

/** Calls a handler with the environment's variables. Rejects if it returns no `Response`. */
export const callHandler = async (handler, request, ctx) => {
  const response = await handler(request, globalThis.process?.env, ctx)
  // Not `instanceof`: another realm's or another library's will do.
  if (typeof response?.headers?.getSetCookie === "function") return response
  throw argumentError("handler", "The handler must return a Response", response)
}

/**
 * Makes the host's `Request`. Returns `undefined` for a URL, a method or a header that it refuses: those come from the client. `host` is checked,
 * because one with a path in it would change the URL's.
 */
export const makeRequest = (protocol, host, target, init) => {
  if (/[/?#@\\\s]/.test(host)) return undefined
  const origin = `${protocol}://${host}`
  try {
    // A target that begins with two slashes would be taken for a host.
    const url = target.startsWith("/") ? origin + target : String(new URL(target, origin))
    return /^https?:/.test(url) ? new Request(url, init) : undefined
  } catch {
    return undefined
  }
}

/** Makes the answer to a request that no `Request` can be made of. */
export const makeBadRequest = () => new Response("Bad Request", { status: 400 })

/** Makes the answer to a request whose handler failed. */
export const makeServerError = () => new Response("Internal Server Error", { status: 500 })
