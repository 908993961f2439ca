// What all endpoints have in common: the methods they take, CORS, the client they work with, and what becomes of errors.
import Pusher from "pusher-http-wasm"

import { corsHeaders, readCors } from "./cors.js"
import { checkFunction, checkMembers, checkRequest, invalidOption } from "./options.js"

/** A request that is not answered as it hoped: with a status, and a reason that its sender may read. */
export class Refusal extends Error {
  status
  headers

  constructor(status, reason, headers) {
    super(reason)
    this.status = status
    this.headers = headers
  }
}

/** Makes an answer. None is to be kept by a cache: it is for one connection, or one user. */
const answer = (status, body, headers) =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: {
      "cache-control": "no-store",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
  })

const isClient = (value) => typeof value?.authorizeChannel === "function"

/**
 * Returns a function that gives the client for a request. `Pusher.fromEnv` may stand for itself: hosts that pass no variables to a handler pass
 * something else in their place, such as Deno the peer's address, so only what has one is taken for them.
 */
export const clientSource = (pusher) => {
  if (isClient(pusher)) return () => pusher
  if (typeof pusher !== "function" || isClient(pusher.prototype)) {
    throw invalidOption("pusher", "it must be a client, or a function that returns one, such as `Pusher.fromEnv`")
  }
  const make = pusher === Pusher.fromEnv ? clientOfEnvironment() : pusher
  return async (env, ctx, request) => {
    const client = await make(env, ctx, request)
    if (isClient(client)) return client
    throw new TypeError("The function passed as `pusher` must return a client")
  }
}

const hasVariables = (env) =>
  typeof env === "object" && env !== null && Object.keys(env).some((name) => name.startsWith("PUSHER_"))

/** Returns a function that makes one client for each environment, and keeps it. */
const clientOfEnvironment = () => {
  const clients = new WeakMap()
  return (env) => {
    const variables = hasVariables(env) ? env : undefined
    const key = variables ?? clients
    if (!clients.has(key)) clients.set(key, Pusher.fromEnv(variables))
    return clients.get(key)
  }
}

/** Not with the context, whose variables are secrets and whose request has cookies. */
const reportError = (error) => console.error(error)

/**
 * Reads the options that every endpoint has, and those of the names in `own`. Throws if one is wrong.
 * @param {any} [options]
 * @param {string[]} [own]
 * @returns {any}
 */
export const readOptions = (options = {}, own = []) => {
  const given = checkMembers("options", options, ["cors", "onError", ...own])
  const { cors, onError = reportError } = given
  checkFunction("onError", onError)
  return { __proto__: null, ...given, cors: readCors(cors), onError }
}

/** Adds members that are not enumerable: whoever logs the object must not log the secrets and cookies in them. */
export const withHidden = (object, members) => {
  // Not `hide` of values.js, which makes them writable, too: 40 bytes.
  for (const name of Object.keys(members))
    Object.defineProperty(object, name, /** @type {any} */ ({ __proto__: null, value: members[name] }))
  return object
}

/**
 * Makes an endpoint, `(request, env?, ctx?) => Promise<Response>`, of a function that returns a body as JSON or throws a `Refusal`. Whatever else
 * it throws goes to `onError`, and the sender learns nothing of it. The endpoint rejects only if it is not called with a `Request`.
 */
export const makeEndpoint = (method, { cors, onError }, run) => {
  const methods = cors ? `${method}, OPTIONS` : method
  return async (request, env, ctx) => {
    checkRequest(request)
    const report = async (error) => {
      try {
        await onError(error, withHidden({}, { request, env, ctx }))
      } catch (another) {
        reportError(another)
      }
    }
    let headers = {}
    try {
      const isPreflight = request.method === "OPTIONS"
      if (cors) headers = await corsHeaders(cors, request, method, isPreflight)
      if (cors && isPreflight) return answer(204, undefined, headers)
      if (request.method !== method) throw new Refusal(405, `Use ${method}`, { allow: methods })
      return answer(200, await run({ request, env, ctx, report }), headers)
    } catch (error) {
      if (error instanceof Refusal) {
        return answer(error.status, { error: error.message }, { ...headers, ...error.headers })
      }
      await report(error)
      return answer(500, { error: "Internal error" }, headers)
    }
  }
}
