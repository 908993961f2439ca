// What a client, a token or a webhook keeps to itself: one object, reached by a symbol. So a proxy, an object derived from a client and a
// sealed or frozen one all reach the same, and the client of the module that is in it is freed once.
import { PusherError } from "../errors.js"

const STATE = Symbol("state")

/** The state of an object: of which class that is, and, until it is freed, the module's client that it holds, if any. */
export class State {
  isFreed = false
  client = undefined

  constructor(type, members) {
    this.type = type
    Object.assign(this, members)
  }

  /** Throws once the object has been freed. */
  check() {
    if (this.isFreed) throw new PusherError(`This ${this.type} has been freed: make a new one`, "freed")
    return this
  }

  free() {
    const { client } = this
    this.isFreed = true
    this.client = undefined
    client?.free()
  }
}

/** Gives an object its state. Behind a getter, since some consoles also print symbols and what is not enumerable. */
export const setState = (object, state) => {
  Object.defineProperty(object, STATE, { get: () => state })
}

/** Returns the state of an object of a class of ours. One of another copy of the package points into that copy's memory. */
const anyStateOf = (object, type) => {
  const state = object?.[STATE]
  if (state?.type === type) return state
  throw new TypeError(`The method was called on something that is no ${type} of this copy of pusher-http-wasm`)
}

/** Returns the state of an object that has not been freed. */
export const stateOf = (object, type) => anyStateOf(object, type).check()

/** Tells whether the value is an object of a class of ours. Runs caller code, where it is a proxy. */
export const hasState = (object, type) => object?.[STATE]?.type === type

/** Gives a class `free` and, on hosts that know it, `Symbol.dispose`. Freeing again, as `using` may, is no mistake. */
export const makeFreeable = ({ prototype }, type) => {
  const free = function () {
    anyStateOf(this, type).free()
  }
  for (const name of ["free", Symbol.dispose]) {
    if (name) Object.defineProperty(prototype, name, { value: free, writable: true, configurable: true })
  }
}
