// Helpers for assertions on every runtime. Imports nothing, so that a suite can be copied and bundled with it.

/** Returns an object of these members alone, so that a failed `deepEqual` names the one that differs. */
export const pick = (object, ...names) => Object.fromEntries(names.map((name) => [name, object[name]]))

/** Returns what a call throws. Fails if it returns instead, even a promise that rejects later. */
export const thrownBy = (call) => {
  let result
  try {
    result = call()
  } catch (error) {
    return error
  }
  throw new Error(`nothing was thrown, but ${result} returned`)
}

/** Returns what a promise rejects with. Fails if it resolves. */
export const rejectionOf = async (promise) => {
  let result
  try {
    result = await promise
  } catch (error) {
    return error
  }
  throw new Error(`the promise resolved, to ${result}`)
}
