// A part of the suite, for places where a tool stands between package and runtime: what such a tool could break without breaking
// the import. It is the suite's own code, run as the runners of runtimes run all of it.
import { runSuite } from "../suite/index.mjs"

const parts = ["exports", "configuration", "authorization", "encryption", "trigger", "webhook"]

/** As `runSuite`. */
export async function runSmoke(QUnit, library, environment) {
  const found = []
  const module = (name, cases) => {
    if (!parts.includes(name)) return
    found.push(name)
    QUnit.module(name, cases)
  }
  const result = runSuite({ ...QUnit, module }, library, environment)
  const missing = parts.filter((name) => !found.includes(name))
  if (missing.length > 0) throw new Error(`the suite has no part ${missing.join(", ")}`)
  return result
}
