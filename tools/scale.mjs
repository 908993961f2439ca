// Prints how many requests, consumers and seconds a rate of events takes, and which limit comes first. `--write` puts it into docs/scale.md.
//
//   node tools/scale.mjs [--write]
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Limits, each with the page that states it. */
export const limits = {
  // pusher.com, "Publish batches of events at scale with the Batch Events API"
  eventsPerBatch: 10,
  // pusher.com, "Interacting with our HTTP API"
  channelsPerTrigger: 100,
  // developers.cloudflare.com, "Workers: Limits"
  connections: 6,
  subrequests: { free: 50, paid: 10_000 },
  // developers.cloudflare.com, "Queues: Limits"
  messagesPerSecond: 5000,
  messagesPerBatch: 100,
  consumers: 250,
}
/** Messages a day by plan: API Evangelist's copy of pusher.com/channels/pricing, 2026-05-08. */
export const plans = { Sandbox: 200_000, Pro: 4_000_000, Business: 10_000_000, "Growth Plus": 90_000_000 }
/** CPU of a request of ten events in microseconds, as tools/publish-cost.mjs measured it. */
export const cpuMicroseconds = { node: 404, workerd: 454 }
/** Assumed, not measured: how long the server takes to answer a request. */
export const answerMilliseconds = 50
const rates = [1, 10, 100, 1000, 5000, 10_000, 100_000, 1_000_000]
const secondsPerDay = 86_400

/** Reckons what a rate of events a second takes, each on one channel without subscribers. */
export const reckon = (rate) => {
  const requests = Math.ceil(rate / limits.eventsPerBatch)
  // A batch of the queue is published before the next one is taken.
  const rounds = Math.ceil(limits.messagesPerBatch / limits.eventsPerBatch / limits.connections)
  const perConsumer = (limits.messagesPerBatch * 1000) / (rounds * answerMilliseconds)
  const consumers = Math.ceil(rate / perConsumer)
  const queues = Math.max(Math.ceil(rate / limits.messagesPerSecond), Math.ceil(consumers / limits.consumers))
  const cores = (requests * cpuMicroseconds.workerd) / 1e6
  const perDay = rate * secondsPerDay
  const plan = Object.keys(plans).find((name) => plans[name] >= perDay) ?? "none listed"
  return { requests, consumers, queues, cores, perDay, plan }
}

const format = (number) => number.toLocaleString("en").replaceAll(",", " ")

export const makeTables = () => {
  const rows = rates.map((rate) => {
    const { requests, consumers, queues, cores, perDay, plan } = reckon(rate)
    const cells = [rate, requests, consumers, queues].map(format)
    return `| ${[...cells, cores.toFixed(3), format(perDay), plan].join(" | ")} |\n`
  })
  const planRows = Object.entries(plans).map(
    ([plan, messages]) => `| ${plan} | ${format(messages)} | ${(messages / secondsPerDay).toFixed(1)} |\n`,
  )
  return `
| events a second | requests a second | consumers | queues | cores | messages a day | smallest plan |
|--:|--:|--:|--:|--:|--:|---|
${rows.join("")}
| plan | messages a day | events a second all day, without subscribers |
|---|--:|--:|
${planRows.join("")}
| one invocation of a Worker can send | different events, each to one channel | one event, to this many channels |
|---|--:|--:|
${Object.entries(limits.subrequests)
  .map(
    ([plan, requests]) =>
      `| ${plan}, ${format(requests)} subrequests | ${format(requests * limits.eventsPerBatch)} | ${format(requests * limits.channelsPerTrigger)} |\n`,
  )
  .join("")}
CPU of a request of ten events: ${cpuMicroseconds.node} µs on Node, ${cpuMicroseconds.workerd} µs on workerd (${(cpuMicroseconds.workerd / cpuMicroseconds.node).toFixed(2)} times).
`
}

const marks = ["<!-- made by `node tools/scale.mjs --write` -->\n", "<!-- /made -->"]

/** Splits the page into the text before the tables, the tables, and the text after them. */
export const splitPage = (page) => {
  const [start, end] = marks.map((mark) => page.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`docs/scale.md has no lines ${marks.join(" and ")}`)
  const from = start + marks[0].length
  return [page.slice(0, from), page.slice(from, end), page.slice(end)]
}

export const pagePath = join(import.meta.dirname, "../docs/scale.md")

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === "--write") {
    const [before, , after] = splitPage(readFileSync(pagePath, "utf8"))
    writeFileSync(pagePath, before + makeTables() + after)
  } else {
    console.log(makeTables())
  }
}
