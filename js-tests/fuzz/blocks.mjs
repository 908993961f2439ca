// Runs calls in blocks of a thousand. After each block, the library must know every right answer, hold no more memory than it may, and have
// forgotten no rejection.
import "./machine.mjs"
import fc from "fast-check"
import * as library from "pusher-http-wasm"
import * as beams from "pusher-http-wasm/beams"
import * as chunks from "pusher-http-wasm/chunks"
import * as handlers from "pusher-http-wasm/handlers"
import * as node from "pusher-http-wasm/node"
import * as testing from "pusher-http-wasm/testing"

import { fixedOptions, oldClient, signedWebhook, wrongAnswers } from "../suite/whole/known-answers.mjs"
import { anyCall } from "./calls.mjs"
import { makeJudge } from "./judge.mjs"
import { held, shortenTimers, startTimer } from "./machine.mjs"

shortenTimers()

/** Calls between two looks at everything. */
export const BLOCK = 1000
/** Bytes that the module's memory may have: the largest argument here takes a fifth of it, as text, as UTF-8 and as JSON. */
const MOST_BYTES = 16 * 2 ** 20
/** How long a failing call is made smaller, in milliseconds. */
const SHRINKING = 20_000

const { default: Pusher } = library
const base = {
  ...fixedOptions,
  host: "127.0.0.1",
  // Where no server is.
  port: 9,
  fetch: async () => new Response("{}"),
  retry: { baseDelay: 0 },
}
const webhook = { headers: signedWebhook.request.headers, body: signedWebhook.request.rawBody }
const old = oldClient(Pusher)

const showReason = (reason) => {
  try {
    return `${reason?.stack ?? String(reason)}`
  } catch {
    return "a reason that cannot be shown"
  }
}

/** Rejections that nobody has handled. */
const forgotten = []
globalThis.process?.on?.("unhandledRejection", (reason) => forgotten.push(showReason(reason)))
globalThis.addEventListener?.("unhandledrejection", (event) => {
  event.preventDefault()
  forgotten.push(showReason(event.reason))
})

/** Resolves to the rejections that have been forgotten since the last time. Hosts report them in a turn of their own. */
const takeForgotten = async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => startTimer(resolve, 0))
  return forgotten.splice(0)
}

/** Checks what must hold after any calls. Resolves to what does not. */
const whatIsBroken = async () => {
  const wrong = await wrongAnswers(Pusher, old)
  if (wrong.length > 0) return `wrong answers: ${JSON.stringify(wrong)}`
  const { bytes } = held()
  if (bytes > MOST_BYTES) return `the module's memory has ${bytes} bytes`
}

/**
 * Runs a block of calls, or some of one. `path` is that of one call (and of how it was made smaller), `recipe` a call by itself. Resolves to
 * `{ calls, bytes, failure }`, the failure as words, path and recipe.
 */
export const runBlock = async ({ seed, block, codes, calls = BLOCK, path, recipe, trace }) => {
  const judge = makeJudge({ library, subpaths: { beams, chunks, handlers, node, testing }, base, webhook, codes })
  let made = 0
  const check = async (isSlow, settings) => {
    const property = fc.asyncProperty(anyCall, async (recipe) => {
      made++
      if (trace) console.debug(`${made}: ${JSON.stringify(recipe)}`)
      let wrong = await judge(recipe, isSlow)
      if (isSlow) wrong ??= (await takeForgotten())[0] ?? (await whatIsBroken())
      if (wrong) throw new Error(wrong)
    })
    return fc.check(property, {
      seed: (Math.imul(seed, 0x9e3779b1) + block) | 0,
      numRuns: calls,
      includeErrorInReport: false,
      ...settings,
    })
  }
  const failureOf = ({ failed, counterexample, counterexamplePath, errorInstance }) =>
    failed && {
      message: errorInstance.message,
      only: `${block}:${counterexamplePath}`,
      recipe: JSON.stringify(counterexample[0]),
    }

  if (recipe) {
    const message = (await judge(recipe, true)) ?? (await takeForgotten())[0] ?? (await whatIsBroken()) ?? undefined
    return { calls: 1, bytes: held().bytes, failure: message && { message, recipe: JSON.stringify(recipe) } }
  }
  if (path) {
    const details = await check(true, { path, numRuns: 1, endOnFailure: true })
    return { calls: made, bytes: held().bytes, failure: failureOf(details) || undefined }
  }
  let details = await check(false, { interruptAfterTimeLimit: 600_000, endOnFailure: true })
  let wrong = (await takeForgotten())[0] ?? (await whatIsBroken())
  if (details.failed || wrong) {
    // Once more, to find the call, and to make it smaller.
    const found = await check(true, {
      ...(details.failed && { path: details.counterexamplePath, numRuns: 1 }),
      interruptAfterTimeLimit: SHRINKING,
      markInterruptAsFailure: false,
    })
    if (found.failed) details = found
    wrong = undefined
    const failure = failureOf(details) || { message: wrong ?? "fails only among other calls", only: `${block}` }
    return { calls: made, bytes: held().bytes, failure }
  }
  return { calls: made, bytes: held().bytes, values: held().values }
}
