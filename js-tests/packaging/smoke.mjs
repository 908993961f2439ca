// Runs a part of the suite in places where a tool stands between package and runtime: the part that such a tool could break without breaking
// the import.
import { runSuite } from "../suite/index.mjs"

const parts = ["exports", "configuration", "authorization", "encryption", "trigger", "webhook", "chunks"]

/** Runs these parts of the suite. Resolves as `runSuite` does. */
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
