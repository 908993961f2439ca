// The table of a run: what was sent, accepted and delivered, by runtime and fault.

/** @typedef {Awaited<ReturnType<typeof import("./load.mjs").load>>} Run */

const number = (value) => value.toLocaleString("en")
const mebibytes = (bytes) => (bytes === undefined ? "not known" : `${(bytes / 2 ** 20).toFixed(1)} MiB`)
const fromTo = (memory, name) => memory.map((measured) => mebibytes(measured[name])).join(" → ")
const row = (cells) => `| ${cells.join(" | ")} |`
const table = (head, rows) => [row(head), `|---|${"--:|".repeat(head.length - 1)}`, ...rows.map(row)].join("\n")

/**
 * Returns the report, in Markdown.
 *
 * @param {Run[]} runs
 * @param {{ machine: ReturnType<typeof import("../support/machine.mjs").machine>, versions: Record<string, string>, day: string, seed: number,
 *   chart: string }} about `versions`: by runtime, and the package's
 */
export function makeReport(runs, { machine, versions, day, seed, chart }) {
  const [{ order }] = runs
  const { processor, cores, gibibytes, system } = machine
  const names = runs.map(({ runtime }) => runtime)
  return `# Under load

Made on ${day} by \`js-tests/load/run.mjs\`: ${number(order.count)} calls on each runtime, ${order.inFlight} at a time, \`--seed ${seed}\`. One call in seven
is aborted by its caller, and one in ${order.faultEvery} meets a fault.

Each event is counted once for each of its channels. It is *accepted* when the server publishes it, even if the answer is then cut off, and *delivered*
when it has reached all three subscribers: pusher-js, a WebSocket, and a WebSocket that reads late. It is *lost* if it was accepted or acknowledged and
one of them lacks it, and *doubled* if it was accepted or arrived more than once. *Requests* are those that reached the server. Calls *fail* when they are
aborted, or meet trouble that lasts, or after which they may not be retried.

Machine: ${processor}, ${cores} cores, ${gibibytes} GiB, ${system}. pusher-http-wasm ${versions.package}.

![Events accepted per second](${chart})

${table(
  ["", ...names],
  [
    ["version", ...names.map((name) => versions[name])],
    ...["calls", "requests", "accepted", "delivered", "lost", "doubled"].map((name) => [
      name,
      ...runs.map(({ tally }) => number(tally.total[name])),
    ]),
    ["calls that failed", ...runs.map(({ tally }) => number(tally.total.failed))],
    ["deaths of the server", ...runs.map(({ deaths }) => deaths.length)],
    ["longest recovery after its return", ...runs.map(({ tally }) => `${number(tally.recovery)} ms`)],
    ["heap, after the warm-up → at the end", ...runs.map(({ memory }) => fromTo(memory, "heap"))],
    ["the module's memory", ...runs.map(({ memory }) => fromTo(memory, "bytes"))],
    ["the process", ...runs.map(({ memory }) => fromTo(memory, "resident"))],
    [
      "promises kept",
      ...runs.map(
        ({ results }) => `${results.filter(({ broken }) => broken.length === 0).length} of ${results.length}`,
      ),
    ],
  ],
)}

## Errors by code

${table(["code, and status", ...names], errorRows(runs))}

## By fault

The names are those of the fault server (\`js-tests/support/faults.mjs\`); with \`taken-\`, the server takes the request before it fails. While the server is killed,
connections are reset, or clocks are off, calls that meet a fault as well are counted there.

${runs.map(({ runtime, tally }) => `### ${runtime}\n\n${faultTable(tally)}\n`).join("\n")}`
}

const errorRows = (runs) => {
  const codes = [...new Set(runs.flatMap(({ tally }) => [...tally.errors.keys()]))].sort()
  return codes.map((code) => [code, ...runs.map(({ tally }) => number(tally.errors.get(code) ?? 0))])
}

const COLUMNS = ["calls", "requests", "accepted", "delivered", "lost", "doubled", "failed"]
const faultTable = ({ rows }) =>
  table(
    ["fault", ...COLUMNS],
    [...rows].map(([name, counts]) => [name, ...COLUMNS.map((column) => number(counts[column]))]),
  )
