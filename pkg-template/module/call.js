// Calls of the module: an operation (operations.js) with a frame of fields, run on the client of a state.
import { prepareFields, readAnswer, wipeFrame } from "./frame.js"
import { freeClient, newClient, run, wholeInstance } from "./instance.js"
import { checkState } from "./state.js"

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

/** Runs an operation once more, by the `recipe` of its client, which may have been freed since. */
export const callAgain = (state, recipe, operation, time, fields) => {
  if (!state.isFreed) return call(state, operation, time, fields)
  const own = { ...nobody, recipe }
  const answer = call(own, operation, time, fields)
  freeClient(own.client, own.instance)
  return answer
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

const nobody = { isFreed: false, client: undefined, instance: undefined, recipe: { __proto__: null } }
