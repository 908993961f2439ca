// Mutation testing of the Rust core: makes small changes, mutants, one at a time, and looks whether a test fails. A mutant that survives is a
// rule without a test. .cargo/mutants.toml lists those that may survive, each with a reason. Exit code 1: another one has survived.
//
//   node tools/mutants.mjs [src/FILE.rs …]     without files: those that sign, encrypt, check and decide
//
// Takes 1 to 4 seconds a mutant: first the tests of the file itself are run, and only on what survives those, all of them. Once target/mutants/
// has results of all files, writes tests/mutants.md.
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"

const root = join(import.meta.dirname, "..")
const output = join(root, "target/mutants")
const tree = join(output, "tree")
const program = join(root, "target/cargo-mutants")

const strict = ["sign", "query", "auth", "encrypt", "webhook", "validate", "retry", "publish"]
/** The tests to begin with, where they are not just those of the same name. */
const firstTests = {
  encrypt: ["--lib", "--test=encrypt"],
  error: ["--lib", "--test=error"],
  text: ["--lib", ...["validate", "request", "host", "connection_url"].map((name) => `--test=${name}`)],
}
/** Its border to JavaScript is not there natively, and has tests of its own. */
const modules = readdirSync(join(root, "src"))
  .map((name) => basename(name, ".rs"))
  .filter((name) => name !== "wasm" && name !== "lib")

/** Tests that take seconds each: only what survives the others needs them. */
const slow = ["signs_100_000_parameters", "agrees_with_another_secretbox_at_every_length"]
/** But for those of what the JavaScript has in common with the core, and of the crate as wasm. */
const allTests = modules.filter((name) => existsSync(join(root, "tests", `${name}.rs`))).map((name) => `--test=${name}`)

const env = {
  ...process.env,
  // The same inputs for each mutant, the first failure at once, and no files about it.
  PROPTEST_RNG_SEED: "1",
  PROPTEST_MAX_SHRINK_ITERS: "0",
  PROPTEST_DISABLE_FAILURE_PERSISTENCE: "1",
}

/** Makes a copy to change in place, which keeps what was compiled. */
function copyTree() {
  for (const name of ["src", "tests", ".cargo", "Cargo.toml", "Cargo.lock"]) {
    rmSync(join(tree, name), { recursive: true, force: true })
    cpSync(join(root, name), join(tree, name), { recursive: true })
  }
  // Without the library that only wasm-bindgen reads, which would be linked for each mutant.
  const manifest = readFileSync(join(tree, "Cargo.toml"), "utf8").replace('["cdylib", "rlib"]', '["rlib"]')
  writeFileSync(join(tree, "Cargo.toml"), manifest)
}

function run(args, options) {
  const { status, error, stdout } = spawnSync(program, ["mutants", "--dir", tree, ...args], {
    env,
    encoding: "utf8",
    ...options,
  })
  if (error) throw error
  return { status, stdout }
}

const globOf = (module) => (existsSync(join(root, "src", module)) ? `src/${module}/**` : `src/${module}.rs`)

/** Tests all mutants of a module. Returns its outcomes by the mutants' names. */
function testModule(module) {
  const outcomes = new Map()
  const pass = (tests, skips = []) => {
    // For each call of cargo: behind `--`, they would be for running tests, and all of them would be built.
    const targets = tests.map((test) => `--cargo-arg=${test}`)
    const files = ["--file", globOf(module), "--output", join(output, module)]
    const { status } = run(["--in-place", "--iterate", ...files, ...targets, ...skips], { stdio: "inherit" })
    // All caught, some missed, or some timed out: anything else is no result.
    if (![0, 2, 3].includes(status)) throw new Error(`cargo-mutants ended with code ${status} for ${module}`)
    const { outcomes: all } = JSON.parse(readFileSync(join(output, module, "mutants.out/outcomes.json"), "utf8"))
    for (const { scenario, summary } of all) if (scenario.Mutant) outcomes.set(scenario.Mutant.name, summary)
  }
  rmSync(join(output, module), { recursive: true, force: true })
  mkdirSync(join(output, module), { recursive: true })
  pass(firstTests[module] ?? [`--test=${module}`], ["--", "--", ...slow.map((name) => `--skip=${name}`)])
  if ([...outcomes.values()].includes("MissedMutant")) pass(["--lib", ...allTests])
  writeFileSync(join(output, `${module}.json`), JSON.stringify(Object.fromEntries(outcomes), null, 2))
  return outcomes
}

/** Reads the list of mutants that are left out: patterns, each with the comment above it. */
function readExceptions() {
  const exceptions = []
  let reason = ""
  let isEntry = true
  const [, list] = /^exclude_re = \[\n(.*?)^\]/ms.exec(readFileSync(join(root, ".cargo/mutants.toml"), "utf8"))
  for (const line of list.split("\n").map((line) => line.trim())) {
    if (line.startsWith("#")) {
      reason = isEntry ? line.slice(2) : `${reason} ${line.slice(2)}`
      isEntry = false
    } else if (line) {
      exceptions.push({ pattern: new RegExp(line.slice(1, line.lastIndexOf("'"))), reason })
      isEntry = true
    }
  }
  return exceptions
}

/** Returns the names of all mutants that are left out, with the reasons. Throws if a pattern has none. */
function listExceptions() {
  const globs = modules.flatMap((module) => ["--file", globOf(module)])
  const names = run(["--no-config", "--list", ...globs])
    .stdout.trim()
    .split("\n")
  const exceptions = readExceptions()
  for (const { pattern } of exceptions) {
    if (!names.some((name) => pattern.test(name)))
      throw new Error(`.cargo/mutants.toml: no mutant is called ${pattern}`)
  }
  return names.flatMap((name) => {
    const reason = exceptions.find(({ pattern }) => pattern.test(name))?.reason
    return reason === undefined ? [] : [{ name, reason }]
  })
}

const isOf = (module) => (name) => name.startsWith(`src/${module}.rs:`) || name.startsWith(`src/${module}/`)

function makeTable(results, listed) {
  const rows = results.map(([module, outcomes]) => {
    const count = (summary) => Object.values(outcomes).filter((other) => other === summary).length
    const left = listed.filter(({ name }) => isOf(module)(name)).length
    const [caught, timeout, missed] = ["CaughtMutant", "Timeout", "MissedMutant"].map(count)
    return [`\`${module}\``, caught, timeout, missed, left, count("Unviable")]
  })
  const sums = rows.reduce((sum, [, ...counts]) => sum.map((count, at) => count + counts[at]), [0, 0, 0, 0, 0])
  return [
    ["module", "caught", "timed out", "survived", "listed", "does not compile"],
    ["---", "--:", "--:", "--:", "--:", "--:"],
    ...rows,
    ["all", ...sums],
  ]
    .map((row) => `| ${row.join(" | ")} |\n`)
    .join("")
}

function makeReport(results, listed) {
  const reasons = new Set(listed.map(({ reason }) => reason))
  const lists = [...reasons].map((reason) => {
    const names = listed
      .filter((mutant) => mutant.reason === reason)
      .map(({ name }) => name.replace(/^src\/|:\d+(?=: )/g, ""))
    const [first, last] = [names[0], names.at(-1)]
    const lines =
      names.length > 10 ? [`${names.length}, from \`${first}\` to \`${last}\``] : names.map((name) => `\`${name}\``)
    return `\n${reason}\n\n${lines.map((line) => `- ${line}\n`).join("")}`
  })
  const { stdout } = run(["--version"])
  return `# Mutants

Made by \`make mutants\` with ${stdout.trim()}: small changes of the core, one at a time, and whether a test fails. One that times out loops
for ever, which counts as caught. \`wasm/\` is not there natively: \`make test-border\` and the suite test it.

${makeTable(results, listed)}
## Listed

These may survive.
${lists.join("")}`
}

const wanted = process.argv.slice(2).map((file) => file.replace(/^src\/|\.rs$|\/.*$/g, ""))
const unknown = wanted.filter((module) => !modules.includes(module))
if (unknown.length > 0) throw new Error(`no files of the core: ${unknown.join(" ")}`)

copyTree()
const listed = listExceptions()
let survived = 0
const tested = []
for (const module of wanted.length > 0 ? new Set(wanted) : strict) {
  const outcomes = testModule(module)
  tested.push([module, Object.fromEntries(outcomes)])
  for (const [name, summary] of outcomes) {
    if (summary !== "MissedMutant") continue
    console.log(`survived: ${name}`)
    survived += 1
  }
}
console.log(makeTable(tested, listed))

const resultOf = (module) => join(output, `${module}.json`)
if (modules.every((module) => existsSync(resultOf(module)))) {
  const isListed = new Set(listed.map(({ name }) => name))
  const results = modules.map((module) => {
    const outcomes = Object.entries(JSON.parse(readFileSync(resultOf(module), "utf8")))
    return [module, Object.fromEntries(outcomes.filter(([name]) => !isListed.has(name)))]
  })
  writeFileSync(join(root, "tests/mutants.md"), makeReport(results, listed))
  console.log("tests/mutants.md: written")
}
process.exitCode = survived > 0 ? 1 : 0
