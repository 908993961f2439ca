// npm `pusher` and this library side by side: both get the same input at the same time of day, and what they do is compared.
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
/** As `require` gives it to a program that used `pusher` before. */
export const Ours = createRequire(join(folder, "package.json"))("pusher-http-wasm")
await remove()

const seed = Number(process.env.SEED ?? 1405)
/** `RUNS=20` looks twenty times as long. */
const factor = Number(process.env.RUNS ?? 1)

const realNow = Date.now
let warnings = []
console.warn = (...words) => warnings.push(words.join(" "))

/** What the call does at once, as both see it: `{ value }` or `{ thrown }`, and its warnings. */
export const outcomeOf = (now, call) => {
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

/** What the call comes to: an outcome, with `value` or `rejected` for what its promise does. */
export const settledOf = async (now, call) => {
  const { value, ...outcome } = outcomeOf(now, call)
  if ("thrown" in outcome) return outcome
  try {
    return { ...outcome, value: await value }
  } catch (rejected) {
    return { ...outcome, rejected }
  }
}

/** The parts of an error that the two have in common; lone surrogates in a message are the one difference that is not told apart. */
const seen = (error) =>
  error instanceof Error
    ? { message: error.message.toWellFormed(), url: error.url, status: error.status, body: error.body }
    : { error }

const comparable = ({ thrown, rejected, ...outcome }) => ({
  ...outcome,
  ...(thrown !== undefined && { thrown: seen(thrown) }),
  ...(rejected !== undefined && { rejected: seen(rejected) }),
})

const same = (theirs, ours) => isDeepStrictEqual(comparable(theirs), comparable(ours))

/**
 * Compares what both do with an input, and returns the names of the differences that explain what is not the same (none, if all
 * is). Throws where no listed difference does.
 */
const judge = async (input, play) => {
  const ours = await play(Ours, input)
  const theirs = await play(Theirs, input)
  if (same(theirs, ours)) return []
  const applying = differences.filter(({ applies }) => applies(input))
  const names = applying.map(({ name }) => name)
  const unexplained = (expected) => {
    const shown = { pusher: comparable(theirs), "expected of us": expected, ours: comparable(ours) }
    const text = inspect(shown, { depth: 8, maxStringLength: 2000 })
    return new assert.AssertionError({ message: `${text}\ndifferences that apply: ${names.join("; ") || "none"}` })
  }
  if (applying.length === 0) throw unexplained("the same")
  const refusals = applying.flatMap(({ refuses = [] }) => refuses)
  if (refusals.length > 0) {
    const { thrown } = ours
    if (thrown instanceof Ours.PusherValidationError && refusals.includes(thrown.code)) return names
    throw unexplained(`thrown: ${refusals.join(" or ")}`)
  }
  const checks = applying.filter(({ check }) => check)
  if (checks.length > 0) {
    for (const { check } of checks) check(ours, input)
    return names
  }
  // What `pusher` does with the input put right, compared in the form in which the two can agree.
  const right = applying.reduce((input, { as }) => as?.(input) ?? input, input)
  let expected = right === input ? theirs : await play(Theirs, right)
  let got = ours
  for (const { theirsAs, oursAs } of applying) {
    expected = theirsAs?.(expected, input) ?? expected
    got = oursAs?.(got, input) ?? got
  }
  if (!same(expected, got)) throw unexplained(comparable(expected))
  return names
}

/**
 * A test of `runs` generated inputs, each an object with the `method` and what is given to it, that `play(Pusher, input)` hands
 * to a library.
 */
export const differential = (name, runs, inputs, play) =>
  test(name, async (t) => {
    const tally = { same: 0 }
    const property = fc.asyncProperty(inputs, async (input) => {
      const names = await judge(input, play)
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
    assert.ok(tally.same >= numRuns / 4, "too few inputs are treated alike for the test to mean much")
  })

/** Watches for a timer of that delay; what it returns tells whether the timer was stopped, without waiting for it. */
export const watchTimer = (t, delay) => {
  const [started, stopped] = ["setTimeout", "clearTimeout"].map((name) => t.mock.method(globalThis, name))
  return () => {
    const timers = started.mock.calls.filter(({ arguments: [, given] }) => given === delay).map(({ result }) => result)
    return stopped.mock.calls.some(({ arguments: [timer] }) => timers.includes(timer))
  }
}
