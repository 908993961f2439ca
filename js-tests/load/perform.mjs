// One call, from its plan to what became of it.
import { clientOf, makeClients, TWICE } from "./clients.mjs"
import { runCall } from "./kinds.mjs"
import { makeCall } from "./plan.mjs"

/**
 * What became of a call.
 *
 * @typedef {object} Outcome
 * @property {number} index
 * @property {number} start milliseconds since 1970
 * @property {number} end
 * @property {unknown} [value] if it succeeded
 * @property {Failure} [failure] if it did not
 * @property {boolean} [isUnknown] whether its caller went away, and does not know
 */

/**
 * @typedef {object} Failure
 * @property {string | undefined} type the error's class, if it is one of the library's
 * @property {string} code
 * @property {number} [status]
 * @property {number} [attempts]
 * @property {boolean} [retryable]
 * @property {string} [reason] what its caller gave as the reason for aborting it
 * @property {string} message
 */

export const reasonOf = (index) => `call ${index} is of no use any more`

/** Aborts a call at the time that its plan says. */
const abortLater = (controller, { index, abort }) => {
  const end = () => controller.abort(new Error(reasonOf(index)))
  if (abort === "before" || abort === "at once") end()
  else if (abort) return setTimeout(end, abort === "next task" ? 0 : index % 23)
}

/** Makes a function that performs the calls of an order by their numbers, with the clients of a phase, which `begin` makes anew. */
export const makePerformer = ({ default: Pusher, PusherRequestError, PusherValidationError }, order) => {
  let clients

  /** @returns {Failure} */
  const describe = (error) => {
    const { code, status, attempts, retryable, message, name } = Object(error)
    const isTyped = [PusherRequestError, PusherValidationError].some((type) => error instanceof type)
    const reason = error?.error?.message
    return { type: isTyped ? name : undefined, code, status, attempts, retryable, reason, message: String(message) }
  }

  return {
    begin(phase) {
      clients = makeClients(Pusher, order, phase)
    },
    end() {
      for (const client of Object.values(clients)) client.free()
      clients = undefined
    },
    /** @returns {Promise<Outcome>} */
    async perform(index) {
      const call = makeCall(order, index)
      const controller = call.abort && new AbortController()
      const options = {
        signal: controller?.signal,
        ...(call.isKeyed && { idempotencyKey: `key-${index}` }),
        ...(call.fault?.attempts === Infinity && { retry: TWICE }),
      }
      const start = Date.now()
      let timer
      try {
        if (call.abort === "before") abortLater(controller, call)
        const running = runCall(clientOf(clients, call), call, options, order)
        if (call.abort !== "before") timer = abortLater(controller, call)
        const value = await running
        const failed = value?.failed?.map(({ index, error }) => ({ index, ...describe(error) }))
        return { index, start, end: Date.now(), value: failed ? { ...value, failed } : value }
      } catch (error) {
        return { index, start, end: Date.now(), failure: describe(error) }
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
