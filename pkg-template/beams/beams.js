// The subpath `pusher-http-wasm/beams`: push notifications, by Pusher Beams.
import { Pusher } from "pusher-http-wasm"

import { readParam } from "../handlers/body.js"
import { makeEndpoint, Refusal, readOptions, withHidden } from "../handlers/endpoint.js"
import { checkFunction, checkMembers } from "../handlers/options.js"
import { hide } from "../values.js"
import { connect, post, remove } from "./connection.js"
import { checkCredentials, checkPathUser, checkTokenUser, missingOptions, publishBody } from "./rules.js"
import { makeToken } from "./token.js"

const OPTIONS = ["instanceId", "secretKey", "host", "fetch", "timeout", "retry"]

/** Names what an instance keeps to itself: behind a function, since some consoles print symbols. A proxy has it, too. */
const STATE = Symbol("state")

const stateOf = (beams) => {
  const state = beams?.[STATE]?.()
  if (state) return state
  throw new TypeError("Called on what is no Beams of this copy of pusher-http-wasm")
}

const define = (object, name, value, enumerable) =>
  Object.defineProperty(object, name, /** @type {any} */ ({ __proto__: null, value, enumerable }))

const publish = (beams, name, list, body, options) => {
  const { connection, instanceId } = stateOf(beams)
  const path = `/publish_api/v1/instances/${instanceId}/publishes/${name}`
  return post(connection, path, publishBody(name, list, body), options)
}

export class Beams {
  constructor(options) {
    if (typeof options !== "object" || options === null) throw missingOptions()
    /** @type {any} */
    const given = checkMembers("options", options, OPTIONS)
    checkCredentials(given)
    const { instanceId, secretKey } = given
    const connection = connect(given)
    const state = {
      instanceId,
      connection,
      key: new Pusher.Token(instanceId, secretKey),
      issuer: `https://${instanceId}.pushnotifications.pusher.com`,
    }
    hide(this, STATE, () => state)
    define(this, "instanceId", instanceId, true)
    define(this, "host", connection.client.config.host, true)
  }

  publishToInterests(interests, body, options) {
    return publish(this, "interests", interests, body, options)
  }

  publishToUsers(users, body, options) {
    return publish(this, "users", users, body, options)
  }

  deleteUser(userId, options) {
    const { connection, instanceId } = stateOf(this)
    checkPathUser(userId)
    const path = `/customer_api/v1/instances/${instanceId}/users/${encodeURIComponent(userId)}`
    return remove(connection, path, options)
  }

  generateToken(userId) {
    const { key, issuer } = stateOf(this)
    checkTokenUser(userId)
    return { token: makeToken(key, issuer, userId) }
  }

  /** Makes an endpoint for the `TokenProvider` of Beams' library for browsers. */
  tokenHandler(authenticate, options) {
    stateOf(this)
    checkFunction("authenticate", authenticate)
    return makeEndpoint("GET", readOptions(options), async ({ request, env, ctx }) => {
      const userId = readUser(request)
      const id = await authenticate(withHidden({ request, userId, ctx }, { env }))
      if (id === userId) return this.generateToken(userId)
      if (typeof id === "string" || (id ?? false) === false) throw new Refusal(403, "Forbidden")
      throw new TypeError("The callback must return a user's id, or null for nobody")
    })
  }

  /** What `console.log` shows on Node, Deno, Bun and Workers. */
  [Symbol.for("nodejs.util.inspect.custom")](_depth, options, inspect) {
    return `Beams ${inspect?.({ ...this }, options)}`
  }
}

/** Reads who asks for a token. What is wrong with the id is its sender's to know. */
const readUser = (request) => {
  const [id, ...more] = new URL(request.url).searchParams.getAll("user_id")
  const userId = readParam({ user_id: more.length > 0 ? more : id }, "user_id")
  try {
    checkTokenUser(userId)
  } catch (error) {
    throw new Refusal(400, /** @type {any} */ (error).message)
  }
  return userId
}
