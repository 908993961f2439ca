// SECURITY.md names a test for each of its lines: each is there.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"

const root = join(import.meta.dirname, "../..")
const text = readFileSync(join(root, "SECURITY.md"), "utf8")

/** The rows of tables with a file and a case, by their sections. */
const rows = text.split("\n").flatMap((line) => {
  const [, promise, file, name] = /^\| (.+) \| `(js-tests\/[^`]+|tests\/[^`]+)` \| (.+) \|$/.exec(line) ?? []
  return file ? [{ promise, file, name }] : []
})

/** Returns the names of a file's cases as they are written: what is between the quotes after `test(`. */
const casesOf = (file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/\btest\(\s*(["`])((?:\\.|(?!\1).)*)\1/gs)].map(
    ([, , name]) => name,
  )

test("every line of a table names a file and a case that are there", () => {
  assert.ok(rows.length > 45, `${rows.length} lines`)
  const missing = rows.filter(({ file, name }) => !casesOf(file).includes(name))
  assert.deepEqual(missing, [])
})

test("every line of the tables after the first names a test", () => {
  const [, ...sections] = text.slice(text.indexOf("## Threat model")).split("\n### ")
  const lines = sections.flatMap((section) => section.split("\n").filter((line) => /^\| (?!what holds)/.test(line)))
  assert.equal(lines.length, rows.length)
})

test("no case of the attack part is left out of the page's files", () => {
  const named = new Set(rows.map(({ file }) => file))
  for (const part of ["signatures", "replay", "purposes", "injection", "prototypes", "answers", "secrets", "chunks"])
    assert.ok(named.has(`js-tests/suite/attack/${part}.mjs`), part)
})
