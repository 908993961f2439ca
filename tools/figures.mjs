// Writes what was measured into docs/speed.md, from the results of `make bench`. Without `--write`, prints it.
//
//   node tools/figures.mjs [--write]
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "..")
export const speedPage = join(root, "docs/speed.md")
const marks = ["<!-- made by `node tools/figures.mjs --write` -->\n", "<!-- /made -->\n"]

const read = (name) => JSON.parse(readFileSync(join(root, "benches/results", `${name}.json`), "utf8"))

/** Cases of the first table, of those in the results. */
const shown = [
  "authorizeChannel, private",
  "authorizeChannel, presence",
  "authenticateUser",
  "webhook 0.5 KB",
  "webhook 8 KB",
  "signed query 0.2 KB",
  "trigger 0.2 KB",
  "encrypted trigger 10 KB",
  "dispatch, 32 in flight",
]
const libraries = { ours: "pusher-http-wasm", pusher: "pusher", edge: "pusher-http-edge" }

const nameOf = ({ runtime, version }) =>
  // workerd's versions are dates, which say nothing here.
  runtime === "workerd" ? "workerd" : `${runtime[0].toUpperCase()}${runtime.slice(1)} ${version.split(".")[0]}`
const short = (number) => String(Number(number.toPrecision(2)))
const grouped = (number) => number.toLocaleString("en").replaceAll(",", " ")
const table = (head, rows) =>
  [head, head.map((_, at) => (at === 0 ? "---" : "--:")), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("")

/** Makes the tables of the page. */
export const makeTables = () => {
  const results = ["node", "deno", "bun", "workerd"].map(read)
  const { bytes } = read("bundles")
  const { processor, cores, system } = results[0].machine
  const runtimes = results.map(nameOf)
  const ratios = shown.map((name) => [
    name,
    ...results.map(({ cases }) => cases[name].pusher.ratio.median.toPrecision(2)),
  ])
  const costs = shown.map((name) => [
    name,
    ...results.map(({ cases }) => short(cases[name].ours.nanoseconds.median / 1000)),
  ])
  const beyond = (what) =>
    Object.entries(libraries).map(([id, library]) => [
      `\`${library}\``,
      ...results.map(({ fresh }) => short(fresh[what][id].beyond.median)),
    ])
  const weights = Object.entries(libraries).map(([id, library]) => [
    `\`${library}\``,
    ...["raw", "gzip", "brotli"].map((measure) => grouped(bytes[id][measure])),
  ])
  return `
Versions: ${Object.entries(results[0].libraries)
    .map(([name, version]) => `\`${name}\` ${version}`)
    .join(
      ", ",
    )}; ${results.map(({ runtime, version }) => `${runtime} ${version}`).join(", ")}. Machine: ${processor}, ${cores} cores, ${system}.

### How many times as fast as \`pusher\`

${table(["", ...runtimes], ratios)}
### Microseconds a call takes here

${table(["", ...runtimes], costs)}
### Milliseconds that loading adds to an empty program

${table(["", ...runtimes], beyond("start-up, milliseconds"))}
### MiB of memory that it adds

${table(["", ...runtimes], beyond("memory, MiB"))}
### Bytes that it adds to a Worker's bundle, minified

${table(["", "raw", "gzip", "brotli"], weights)}
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
