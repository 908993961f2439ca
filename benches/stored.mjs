// The files in results/. Imports nothing that has to be installed: the documentation reads them, too.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export const resultsFolder = join(import.meta.dirname, "results")

/** Of `make bench`, by name: a runtime, or "bundles". */
export const readResults = (name) => JSON.parse(readFileSync(join(resultsFolder, `${name}.json`), "utf8"))

/** As JSON, with no more digits than mean something. */
export const save = (name, results) => {
  mkdirSync(resultsFolder, { recursive: true })
  const short = (_, value) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
  writeFileSync(join(resultsFolder, `${name}.json`), `${JSON.stringify(results, short, 1)}\n`)
}
