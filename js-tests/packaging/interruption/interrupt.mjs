// Runs each operation in an endless loop that a time-out of node:vm ends, wherever it is, many times; prints what was wrong afterwards. An
// engine that ends a script like that runs no `catch` and no `finally`, neither of the caller's nor of the library's.
//
//   node interrupt.mjs [OPERATION…]
import { createContext, Script } from "node:vm"

import Pusher from "pusher-http-wasm"

import { readRequest } from "../suite/whole/host.mjs"
import { canonical, oldClient, wordsOf, wrongAnswers } from "../suite/whole/known-answers.mjs"
import { freeWorld, makeWorld, operations } from "../suite/whole/operations.mjs"

/** How often each operation is interrupted. Where a call is then, is chance. */
const rounds = 30
/** Milliseconds after which it is. Nothing depends on how exact they are. */
const delays = [1, 2, 3]
const timedOut = "ERR_SCRIPT_EXECUTION_TIMEOUT"

const loop = new Script("for (;;) call()")

/** Calls repeatedly until the time is over. Resolves to the wrong outcomes. */
const interrupt = async ({ call, read = (value) => value, answer, request }, delay) => {
  const world = makeWorld(Pusher)
  const right = typeof answer === "function" ? await answer() : answer
  const wrong = []
  const pending = []
  const once = () => {
    const value = call(world, Pusher)
    if (typeof value?.then === "function") pending.push(value)
    // Thousands of clients, otherwise.
    else if (value instanceof Pusher) value.free()
  }
  try {
    loop.runInContext(createContext({ call: once }), { timeout: delay })
  } catch (error) {
    if (error.code !== timedOut) wrong.push({ threw: wordsOf(error) })
  }
  for (const outcome of await Promise.allSettled(pending)) {
    if (outcome.status === "rejected") wrong.push({ rejected: wordsOf(outcome.reason) })
  }
  // The same objects again, with all the time that there is.
  try {
    const answered = read(await call(world, Pusher))
    if (canonical(answered) !== canonical(right)) wrong.push({ answered, right })
  } catch (error) {
    wrong.push({ thenThrew: wordsOf(error) })
  }
  for (const sent of new Set(world.requests.map((sent) => JSON.stringify(sent)))) {
    const found = await readRequest(JSON.parse(sent))
    if (canonical(found) !== canonical(request)) wrong.push({ sent: found, right: request })
  }
  for (const words of freeWorld(world)) wrong.push({ freeingThrew: words })
  return wrong
}

const old = oldClient(Pusher)
const wanted = globalThis.Deno?.args ?? process.argv.slice(2)
const wrong = {}
for (const [name, operation] of Object.entries(operations)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  wrong[name] = []
  for (let round = 0; round < rounds && wrong[name].length === 0; round++) {
    wrong[name].push(...(await interrupt(operation, delays[round % delays.length])))
    wrong[name].push(...(await wrongAnswers(Pusher, old)))
  }
}
console.log(JSON.stringify(wrong))
