// What a client, a token or a webhook keeps to itself: one object, reached by a symbol. So a proxy, an object derived from a client and a
// sealed or frozen one all reach the same, and the client of the module that is in it is freed once.
import { PusherError } from "../errors.js"
import { hide, tryRead } from "../values.js"
import { freeClient } from "./instance.js"

const STATE = Symbol("state")

/**
 * Gives an object its state, which has a `type`, the name of the object's class; `isFreed`; and, if it holds one, a `client` of the module,
 * with its `instance` and the `recipe` by which another is made, operation and fields. Behind a function, since some consoles also print
 * symbols and what is not enumerable. (A getter would cost a webhook 10 %: engines make a hidden class for each.)
 */
export const setState = (object, state) => hide(object, STATE, () => state)

/** Returns the state of an object of a class of ours. One of another copy of the package points into that copy's memory. */
const anyStateOf = (object, type) => {
  const state = object?.[STATE]?.()
  if (state?.type === type) return state
  throw new TypeError(`Called on what is no ${type} of this copy of pusher-http-wasm`)
}

/** Returns a state; throws once the object has been freed. */
export const checkState = (state) => {
  if (state.isFreed) throw new PusherError(`This ${state.type} has been freed: make a new one`, "freed")
  return state
}

/** Returns the state of an object that has not been freed. */
export const stateOf = (object, type) => checkState(anyStateOf(object, type))

/** Tells whether the value is an object of a class of ours. Runs caller code, where it is a proxy. */
export const hasState = (object, type) => object?.[STATE]?.().type === type

/**
 * Gives a class `free` and, on hosts that know it, `Symbol.dispose`. Freeing again, as `using` may, is no mistake. Consoles show an object's
 * enumerable members: by themselves, Node and Deno would not read `config`, and Bun would print the state's symbol.
 */
export const addCommonMethods = ({ prototype }, type) => {
  /** @this {object} */
  function free() {
    const state = anyStateOf(this, type)
    const { client, instance } = state
    state.isFreed = true
    state.client = undefined
    // It has the secret in it.
    state.recipe = undefined
    if (client) freeClient(client, instance)
  }
  /** @this {object} */
  function show(_depth, options, inspect) {
    // A freed client has no `config` to show.
    return tryRead(() => `${this.constructor.name} ${inspect({ ...this }, options)}`) ?? type
  }
  for (const name of ["free", Symbol.dispose]) if (name) hide(prototype, name, free)
  // The symbol is Node's; Deno, Bun and Workers know it as well.
  hide(prototype, Symbol.for("nodejs.util.inspect.custom"), show)
}
