// Compares npm `pusher` with this library: both get the same input at the same time of day.
import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { join, relative } from "node:path"
import { test } from "node:test"
import { inspect, isDeepStrictEqual } from "node:util"

import fc from "fast-check"

import { installPacked } from "../support/packed.mjs"
import { differences } from "./differences.mjs"

export const Theirs = createRequire(import.meta.url)("pusher")

const { folder, remove } = await installPacked()
/** Loaded by `require`, as in a program that used `pusher` before. */
export const Ours = createRequire(join(folder, "package.json"))("pusher-http-wasm")
await remove()

const seed = Number(process.env.SEED ?? 1405)
/** `RUNS=20` tests twenty times as many inputs. */
const factor = Number(process.env.RUNS ?? 1)

const realNow = Date.now
let warnings = []
console.warn = (...words) => warnings.push(words.join(" "))

/** Runs a call at the time `now`. Returns its outcome, `{ value }` or `{ thrown }`, with the warnings it prints. */
export const getOutcome = (now, call) => {
  warnings = []
  Date.now = () => now
  try {
    return { value: call(), warnings }
  } catch (thrown) {
    return { thrown, warnings }
  } finally {
    Date.now = realNow
  }
}

/** Runs a call and waits for its promise. Resolves to its outcome: `{ value }`, `{ rejected }` or `{ thrown }`. */
export const settle = async (now, call) => {
  const { value, ...outcome } = getOutcome(now, call)
  if ("thrown" in outcome) return outcome
  try {
    return { ...outcome, value: await value }
  } catch (rejected) {
    return { ...outcome, rejected }
  }
}

/** What our messages show escaped, so that a log of them can be read: the words stay npm `pusher`'s. */
const CONTROLS = /(?!\n {4})[\p{Cc}\u2028-\u202e\u2060-\u206f]/gu

/** Returns the members that errors of both libraries have. Ignores lone surrogates in a message, and that ours escape control characters. */
const describeError = (error) =>
  error instanceof Error
    ? {
        message: error.message.toWellFormed().replace(CONTROLS, escape),
        url: error.url,
        status: error.status,
        body: error.body,
      }
    : { error }

const toComparable = ({ thrown, rejected, ...outcome }) => ({
  ...outcome,
  ...(thrown !== undefined && { thrown: describeError(thrown) }),
  ...(rejected !== undefined && { rejected: describeError(rejected) }),
})

const isSame = (theirs, ours) => isDeepStrictEqual(toComparable(theirs), toComparable(ours))

/**
 * Runs both libraries with an input and compares their outcomes. Returns the names of the listed differences that explain a difference, or
 * an empty list if there is none. Throws if no listed difference explains it.
 */
const findDifferences = async (input, run) => {
  const ours = await run(Ours, input)
  const theirs = await run(Theirs, input)
  if (isSame(theirs, ours)) return []
  const applying = differences.filter(({ applies }) => applies(input))
  const names = applying.map(({ name }) => name)
  const makeError = (expected) => {
    const outcomes = { pusher: toComparable(theirs), expected, ours: toComparable(ours) }
    const text = inspect(outcomes, { depth: 8, maxStringLength: 2000 })
    return new assert.AssertionError({ message: `${text}\ndifferences that apply: ${names.join("; ") || "none"}` })
  }
  if (applying.length === 0) throw makeError("the same")
  const refusals = applying.flatMap(({ refuses = [] }) => refuses)
  if (refusals.length > 0) {
    const { thrown } = ours
    if (thrown instanceof Ours.PusherValidationError && refusals.includes(thrown.code)) return names
    throw makeError(`thrown: ${refusals.join(" or ")}`)
  }
  const checks = applying.filter(({ check }) => check)
  if (checks.length > 0) {
    for (const { check } of checks) check(ours, input)
    return names
  }
  // `pusher` gets the adapted input, then both outcomes are adapted to the form in which they can agree.
  const adapted = applying.reduce((input, { adaptInput }) => adaptInput?.(input) ?? input, input)
  let expected = adapted === input ? theirs : await run(Theirs, adapted)
  let got = ours
  for (const { adaptTheirs, adaptOurs } of applying) {
    expected = adaptTheirs?.(expected, input) ?? expected
    got = adaptOurs?.(got, input) ?? got
  }
  if (!isSame(expected, got)) throw makeError(toComparable(expected))
  return names
}

/**
 * Tests that both libraries do the same with `runs` generated inputs. An input is an object with the `method` and its arguments;
 * `run(Pusher, input)` calls it.
 */
export const testSameness = (name, runs, inputs, run) =>
  test(name, async (t) => {
    const tally = { same: 0 }
    const property = fc.asyncProperty(inputs, async (input) => {
      const names = await findDifferences(input, run)
      if (names.length === 0) tally.same++
      for (const name of names) tally[name] = (tally[name] ?? 0) + 1
    })
    const numRuns = Math.ceil(runs * factor)
    const { failed, counterexample, counterexamplePath, errorInstance, numShrinks } = await fc.check(property, {
      seed,
      numRuns,
    })
    if (failed) {
      const file = relative(process.cwd(), process.argv[1])
      throw new Error(
        `seed ${seed}, path ${counterexamplePath}, shrunk ${numShrinks} times\n` +
          `input: ${fc.stringify(counterexample?.[0])}\n${errorInstance?.stack}\n` +
          `Run it again: SEED=${seed} RUNS=${factor} node --test --test-name-pattern=${JSON.stringify(`^${name}$`)} ${file}`,
      )
    }
    t.diagnostic(`${numRuns} cases with seed ${seed}: ${inspect(tally, { breakLength: Infinity })}`)
    assert.ok(tally.same >= numRuns / 4, "at least a quarter of the inputs must have the same outcome")
  })

/** Watches for timers of that delay. Returns a function that tells whether one was stopped, without waiting for it. */
export const watchTimer = (t, delay) => {
  const [started, stopped] = ["setTimeout", "clearTimeout"].map((name) => t.mock.method(globalThis, name))
  return () => {
    const timers = started.mock.calls.filter(({ arguments: [, given] }) => given === delay).map(({ result }) => result)
    return stopped.mock.calls.some(({ arguments: [timer] }) => timers.includes(timer))
  }
}
