// A place visited in several ways, each of which runs the suite.
import { run, together } from "../projects.mjs"

/**
 * Goes one way after the other; one that breaks off is a failure, and keeps none of the others from being tried.
 *
 * @param {Record<string, () => Promise<{ passed: number, failures: { name: string, reason: string }[] }>>} ways
 */
export async function inWays(ways) {
  const results = []
  const passedIn = {}
  for (const [way, visit] of Object.entries(ways)) {
    const brokenOff = (error) => ({ passed: 0, failures: [{ name: "all of it", reason: error.stack }] })
    const { passed, failures } = await visit().catch(brokenOff)
    passedIn[way] = passed
    results.push({ passed, failures: failures.map(({ name, reason }) => ({ name: `${way}: ${name}`, reason })) })
  }
  return { ...together(...results), passedIn }
}

/** Runs a program that prints the suite's result as a line; the suite's environment, if given, is its last argument. */
export async function suiteOf(command, args, { cwd, env, environment }) {
  const output = await run(command, environment ? [...args, JSON.stringify(environment)] : args, { cwd, env })
  const line = output.split("\n").findLast((line) => line.startsWith('{"passed":'))
  if (!line) throw new Error(`the program ended without a result; it printed:\n${output}`)
  return JSON.parse(line)
}
