// Writes what was measured into docs/speed.md, from the results of `make bench`. Without `--write`, prints it.
//
//   node tools/figures.mjs [--write]
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import { describeRun, largestCosts, ratioTo, shown } from "../benches/labels.mjs"
import { readResults } from "../benches/stored.mjs"

const root = join(import.meta.dirname, "..")
export const speedPage = join(root, "docs/speed.md")
const marks = ["<!-- made by `node tools/figures.mjs --write` -->\n", "<!-- /made -->\n"]

const libraries = { ours: "pusher-http-wasm", pusher: "pusher", edge: "pusher-http-edge" }
const names = { ...libraries, "by hand": "by hand", ceiling: "signed before, with the same contract" }

const nameOf = ({ runtime, version }) =>
  // workerd's versions are dates, which say nothing here.
  runtime === "workerd" ? "workerd" : `${runtime[0].toUpperCase()}${runtime.slice(1)} ${version.split(".")[0]}`
const short = (number) => String(Number(number.toPrecision(2)))
const grouped = (number) => number.toLocaleString("en").replaceAll(",", " ")
const table = (head, rows) =>
  [head, head.map((_, at) => (at === 0 ? "---" : "--:")), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("")
const quote = (name) => (Object.values(libraries).includes(name) ? `\`${name}\`` : name)

/** Rows of `publish`: the variant, and what it is called. */
const publishers = {
  ours: "`publish`",
  "pusher, batches by hand": "`pusher`: `triggerBatch` of ten, six at once",
  "by hand, batches": "by hand: the same",
  "pusher, all at once": "`pusher`: `Promise.all` of `trigger`",
  "pusher, one by one": "`pusher`: one `trigger` after the other",
  "ours, agent": "`publish`, over an `agent`",
  "pusher, batches by hand, agent": "`pusher`: `triggerBatch` of ten, over an `agent`",
}

/** Rows of `dispatch`. */
const senders = {
  ours: "`pusher-http-wasm`",
  ceiling: names.ceiling,
  "bare fetch": "signed before, bare `fetch`",
  pusher: "`pusher`",
  edge: "`pusher-http-edge`",
  "by hand": "by hand",
  "ours, agent": "`pusher-http-wasm`, over an `agent`",
  "ceiling, agent": "signed before, with the same contract, over an `agent`",
  "pusher, agent": "`pusher`, over an `agent`",
}

/** Columns of CPU time: the case, and what a request does. */
const cpuWork = {
  "CPU of a request, authorizeChannel": "`authorizeChannel`",
  "CPU of a request, a client and authorizeChannel": "… with a new client",
  "CPU of a request, trigger": "`trigger`",
  "CPU of a request, a client and trigger": "… with a new client",
}

/** Makes the tables of the page. `read` gives the results of a runtime, or "bundles". */
export const makeTables = (read = readResults) => {
  const results = ["node", "deno", "bun", "workerd"].map(read)
  const { bytes, subpaths } = read("bundles")
  const profiles = read("profile")
  const run = describeRun(results)
  const runtimes = results.map(nameOf)
  const shownCases = shown.flatMap(({ cases }) => Object.entries(cases))
  const rowsOf = (cellOf) =>
    shownCases
      .map(([name, label]) => [label, ...results.map((result) => cellOf(result, name))])
      .filter(([, ...cells]) => cells.some(Boolean))
  const ratios = (rival) => rowsOf((result, name) => ratioTo(rival, result, name)?.toPrecision(2))
  const costs = rowsOf(({ cases }, name) => short(cases[name].ours.nanoseconds.median / 1000))
  /** Of each variant of a case: how many a second. */
  const perSecond = (name, variants) =>
    Object.entries(variants).map(([variant, label]) => [
      label,
      ...results.map(({ cases }) => {
        const measured = cases[name][variant]
        return measured ? grouped(Number((1e9 / measured.nanoseconds.median).toPrecision(2))) : "–"
      }),
    ])
  const beyond = (what) =>
    Object.entries(libraries).map(([id, library]) => [
      `\`${library}\``,
      ...results.map(({ fresh }) => short(fresh[what][id].beyond.median)),
    ])
  const weigh = (weights) =>
    Object.entries(weights).map(([name, weight]) => [
      `\`${name}\``,
      ...["raw", "gzip", "brotli"].map((measure) => grouped(weight[measure])),
    ])
  const weights = Object.fromEntries(Object.entries(libraries).map(([id, library]) => [library, bytes[id]]))
  const ownWeights = Object.fromEntries(
    Object.entries(subpaths)
      .filter(([file]) => file.endsWith(".js"))
      .map(([file, weight]) => [`pusher-http-wasm/${file.replace(".js", "")}`, weight]),
  )
  return `
Measured on ${run.day}. Machine: ${run.machine}. Versions: ${[...run.libraries, ...run.runtimes].join(", ")}.

### How many times as fast as \`pusher\`

${table(["", ...runtimes], ratios("pusher"))}
### How many times as fast as a client written by hand

${table(["", ...runtimes], ratios("by hand"))}
### How many times as fast as \`node:crypto\` by hand

${table(["", ...runtimes], ratios("node:crypto"))}
### Events published a second

${table(["", ...runtimes], perSecond("publish", publishers))}
### Events triggered a second, 32 in flight

${table(["", ...runtimes], perSecond("dispatch, 32 in flight", senders))}
${makeCpuTable(results.at(-1))}### Microseconds a call takes here

${table(["", ...runtimes], costs)}
### What these microseconds go into, on Node

${table(
  ["", "largest", "second", "third"],
  shownCases.filter(([name]) => name in profiles).map(([name, label]) => [label, ...largestCosts(profiles[name])]),
)}
### Milliseconds that loading adds to an empty program

${table(["", ...runtimes], beyond("start-up, milliseconds"))}
### MiB of memory that it adds

${table(["", ...runtimes], beyond("memory, MiB"))}
### Bytes that it adds to a Worker's bundle, minified

${table(["", "raw", "gzip", "brotli"], weigh(weights))}
### Bytes that each subpath adds to that

${table(["", "raw", "gzip", "brotli"], weigh(ownWeights))}
`
}

/** Where the machine told CPU time. */
const makeCpuTable = ({ cases }) => {
  if (Object.keys(cpuWork).some((name) => !(name in cases))) return ""
  const rows = Object.entries(names).map(([id, name]) => [
    quote(name),
    ...Object.keys(cpuWork).map((work) => (cases[work][id] ? short(cases[work][id].nanoseconds.median / 1000) : "–")),
  ])
  return `### Microseconds of CPU on workerd, beyond a Worker that does nothing

${table(["", ...Object.values(cpuWork)], rows)}
`
}

/** Splits the page before, in and after the tables. */
export const splitPage = (text) => {
  const [start, end] = marks.map((mark) => text.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`docs/speed.md has no lines ${marks.join(" and ")}`)
  const from = start + marks[0].length
  return [text.slice(0, from), text.slice(from, end), text.slice(end)]
}

/** Writes the tables into the page. */
export const writeSpeedPage = () => {
  const [before, , after] = splitPage(readFileSync(speedPage, "utf8"))
  writeFileSync(speedPage, before + makeTables() + after)
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes("--write")) writeSpeedPage()
  else console.log(makeTables())
}
