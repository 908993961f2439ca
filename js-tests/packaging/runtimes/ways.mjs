// Runs the suite in several ways at one place.
import { combine, run } from "../projects.mjs"

/** Parts that take as long as all others together, and test what the engine and its network do, which no way of loading changes. */
const ONCE = ["whole", "faults", "badInput"]

/**
 * Runs one way after another, each but the first without the parts that are tested once. A way that throws is a failure and does not stop the
 * others.
 *
 * @param {object} environment the suite's
 * @param {Record<string, (environment: object) => Promise<{ passed: number, failures: { name: string, reason: string }[] }>>} ways
 */
export async function runWays(environment, ways) {
  const results = []
  const passedIn = {}
  for (const [way, visit] of Object.entries(ways)) {
    const fail = (error) => ({ passed: 0, failures: [{ name: "the whole suite", reason: error.stack }] })
    const skip = results.length > 0 ? ONCE : []
    const { passed, failures } = await visit({ ...environment, skip }).catch(fail)
    passedIn[way] = passed
    results.push({ passed, failures: failures.map(({ name, reason }) => ({ name: `${way}: ${name}`, reason })) })
  }
  return { ...combine(...results), passedIn }
}

/** Runs a program that prints the suite's result as a line. The suite's environment, if given, becomes its last argument. */
export async function runSuiteProgram(command, args, { cwd, env, environment }) {
  const output = await run(command, environment ? [...args, JSON.stringify(environment)] : args, { cwd, env })
  const line = output.split("\n").findLast((line) => line.startsWith('{"passed":'))
  if (!line) throw new Error(`the program printed no result:\n${output}`)
  return JSON.parse(line)
}
