// The module's instance, and what becomes of it.
//
// An engine may throw through the module at any instruction: a stack overflow, or a `vm` time-out, which not even a `catch` is told of. What
// the call had under way is then lost, in the middle of whatever the module's allocator or stack were at. So a call that did not return gives
// the whole instance up: the next one makes another, and each client its own again when it is next used. So does a call that made the memory
// large, since a module never gives memory back.

import { isMemoryLarge, openFrames, wipeStack, writeFrame } from "./frame.js"
import { instantiate } from "#module"

/** The compiled module. */
let module
let instance
/** Whether a call into the instance has not returned. The module never calls back. */
let isInside = false

/** Makes the first instance. Called once, as the package is loaded. */
export const start = (compiled) => {
  module = compiled
  renew()
}

const renew = () => {
  isInside = true
  instance = instantiate(module)
  openFrames(instance.memory, instance.reserve)
  isInside = false
}

/** Sees to it that there is a whole instance, and returns it. Before anything is written into its memory. */
export const wholeInstance = () => {
  if (isInside || isMemoryLarge()) renew()
  return instance
}

/** Makes a client of the instance that has no configuration yet. */
export const newClient = () => {
  isInside = true
  const client = new instance.Client()
  isInside = false
  return client
}

/** Runs an operation on a client with a frame of prepared fields. Returns the answer's address. `time` is in seconds. */
export const run = (client, operation, time, fields, room) => {
  isInside = true
  const address = client.call(operation, time, writeFrame(fields, room))
  isInside = false
  return address
}

/** Frees a client, unless its instance has been given up. */
export const freeClient = (client, owner) => {
  if (owner !== wholeInstance()) return
  isInside = true
  client.free()
  isInside = false
  wipeStack()
}

/** Has the module judge a failed attempt, with the `head` of its answer if there is one, by what else it asks for (src/wasm/recovery.rs). */
export const recover = (head = { status: 0 }, ...facts) =>
  new Promise((finish) => {
    const { recover } = wholeInstance()
    isInside = true
    recover({ head, finish }, ...facts)
    isInside = false
  })
