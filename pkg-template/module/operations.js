// What JavaScript asks the module for. src/wasm/operations.rs has the same list, and tests/operations.rs compares the two.

import { prepareFields, readAnswer, wipeFrame } from "./frame.js"
import { freeClient, newClient, run, wholeInstance } from "./instance.js"
import { checkState } from "./state.js"

// Each operation with its fields in → its fields out; `?` may be absent.

// Configuration. The settings are those of `settingFields` (input/options.js), in its order.
/** absent, setting … → app id, timeout, most channels, most events */
export const FROM_OPTIONS = 0
/** connection URL, setting … → as `FROM_OPTIONS` */
export const FROM_URL = 1
/** cluster, setting … → as `FROM_OPTIONS` */
export const FOR_CLUSTER = 2
/** absent, setting …, then name and value of each variable → as `FROM_OPTIONS` */
export const FROM_ENVIRONMENT = 3
/** absent, absent, key, secret → as `FROM_OPTIONS` */
export const TOKEN = 4
/** (nothing) → name … */
export const ENVIRONMENT_NAMES = 5
/** (nothing) → scheme, host, port?, timeout, key, secret, master key?; the key and the secret may be empty */
export const DESCRIBE = 6

/** socket id, channel, channel data?, user id? → auth, shared secret? */
export const AUTHORIZE = 7
/** socket id, user data, user id → auth */
export const AUTHENTICATE = 8
/** method, path, body?, then name and value of each parameter → query */
export const SIGN_QUERY = 9
/** channel → secret */
export const SHARED_SECRET = 10
/** channel, nonce, ciphertext → text */
export const DECRYPT = 11
/** message? → signature? */
export const SIGN = 12
/** signature?, message?, content type? → something if authentic, something if JSON */
export const VERIFY = 13
/** content type? → something if JSON */
export const IS_JSON = 14

// Requests: all answer with method, URL, and body if there is one.
/** prefix?, info? → method, URL, body? */
export const CHANNELS = 15
/** channel, info? → method, URL, body? */
export const CHANNEL = 16
/** channel → method, URL, body? */
export const CHANNEL_USERS = 17
/** user id → method, URL, body? */
export const TERMINATE = 18
/** event, user id, data?, absent, absent → method, URL, body? */
export const SEND_TO_USER = 19
/** socket id?, event, data?, nonce?, members?, number of channels, channel … → method, URL, body? */
export const TRIGGER = 20
/** number of events, then of each: channel, event, socket id?, data?, nonce?, members? → method, URL, body? */
export const BATCH = 21
/** path, absent, then name and value of each parameter → method, URL, body? */
export const GET = 22
/** path, body?, then name and value of each parameter → method, URL, body? */
export const POST = 23

/**
 * Runs an operation on the client of a state, with a frame of the fields. Returns the answer's fields, or throws the error that it is.
 * @returns {(string | undefined)[]}
 */
export const call = (state, operation, time, fields) => {
  const room = prepareFields(fields)
  // Only now: caller code that ran meanwhile may have freed it.
  const client = clientOf(state)
  return readAnswer(run(client, operation, time, fields, room), fields)
}

/** Returns the client of a state in the present instance, which is made when it is needed. */
const clientOf = (state) => {
  checkState(state)
  if (state.instance !== wholeInstance()) configure(state)
  return state.client
}

/** Makes the client of a state in the present instance. Returns the answer to its configuration, or throws the error that it is. */
export const configure = (state) => {
  const { source, fields = [] } = state.recipe
  // First: it may run caller code.
  const room = prepareFields(fields)
  const instance = wholeInstance()
  const client = newClient()
  let answer = []
  if (source !== undefined) {
    try {
      answer = readAnswer(run(client, source, 0, fields, room), fields)
    } catch (exception) {
      freeClient(client, instance)
      throw exception
    } finally {
      // It held the secret.
      wipeFrame()
    }
  }
  Object.assign(state, { client, instance })
  return answer
}

/** Runs an operation that needs no configuration. */
export const callAlone = (operation, fields) => call(nobody, operation, 0, fields)

const nobody = { isFreed: false, client: undefined, instance: undefined, recipe: {} }
