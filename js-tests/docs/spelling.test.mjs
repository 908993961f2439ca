// Spelling of the documentation, by cspell: British, with the words of docs/words.txt.
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"

import { root } from "./pages.mjs"

const docs = join(root, "docs")
const cspell = join(docs, "node_modules/cspell/bin.mjs")
const CHECKED = [
  "*.md",
  "migrate/*.md",
  "recipes/*.md",
  "../*.md",
  "../examples/*/README.md",
  "../pkg-template/types/*.d.ts",
]

/** Runs cspell. Resolves to its exit code and what it prints: a line for each unknown word. */
const check = (files, input) =>
  new Promise((resolve) => {
    const options = ["lint", "--config", "cspell.json", "--no-progress", "--no-summary", "--no-color", ...files]
    const child = execFile(process.execPath, [cspell, ...options], { cwd: docs }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    )
    child.stdin?.end(input)
  })

test("every word is spelt as in a dictionary, or is known to the project", async () => {
  const { code, output } = await check(CHECKED)
  assert.equal(output, "")
  assert.equal(code, 0)
})

test("a misspelt word is found", async () => {
  const { code, output } = await check(["stdin"], "The event does not arive.\n")
  assert.equal(code, 1)
  assert.match(output, /Unknown word \(arive\)/)
})

test("the project's words are sorted, and each is used", () => {
  const words = readFileSync(join(docs, "words.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
  const inOrder = words.toSorted((one, other) => one.toLowerCase().localeCompare(other.toLowerCase(), "en"))
  assert.deepEqual(words, inOrder)
})
