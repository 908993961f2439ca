// Runs the suite against a real server, with pusher-js as the client, from the packed package on each runtime.
//
//   node js-tests/real/run.mjs [--embedded | --cluster] [RUNTIME…]
//
// The server is sockudo (tools/setup-sockudo.sh builds it). With --embedded it is pkg-template/testing. With --cluster it is two sockudos on
// one Redis, one for the library and one for pusher-js, and each is killed and started again in the end; each runtime has a cluster of its
// own. With PUSHER_URL it is the server that it names, where the suite uses names that nothing else has. PUSHER_WEBHOOK_PORT is the port of
// 127.0.0.1 to which that server sends its webhooks, perhaps through a tunnel.
import { cpSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { parseArgs } from "node:util"

import { installPacked } from "../support/packed.mjs"
import { runtimes as all, installSuite } from "../support/runtimes.mjs"
import { startObserver } from "./observer.mjs"
import * as targets from "./targets.mjs"

const { node, deno, bun, workerd } = { ...all, node: all["node-esm"] }
const runtimes = { node, deno, bun, workerd }
/** Milliseconds to wait for anything. Only a failing case waits that long. */
const DEADLINE = 60_000

const { values: options, positionals: wanted } = parseArgs({
  options: { embedded: { type: "boolean" }, cluster: { type: "boolean" } },
  allowPositionals: true,
})
const unknown = wanted.filter((name) => !(name in runtimes))
if (unknown.length > 0) {
  console.error(`unknown runtime ${unknown.join(", ")}: there are ${Object.keys(runtimes).join(", ")}`)
  process.exit(2)
}
// Exit handlers end the processes that this one has started.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1))

const { passed, failed, skipped } = await main()
console.log([`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(", "))
// pusher-js leaves timers running.
process.exit(failed > 0 || passed === 0 ? 1 : 0)

async function main() {
  const { PUSHER_URL: url, PUSHER_WEBHOOK_PORT: webhookPort } = process.env
  const undo = []
  const totals = { passed: 0, failed: 0, skipped: 0 }
  try {
    const { folder, remove } = await installPacked()
    undo.push(remove)
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
    install(folder)
    const { bindChunked } = createRequire(join(folder, "package.json"))("pusher-http-wasm/chunks")
    const server = { ...options, url, webhookPort: Number(webhookPort || 0) }
    const chosen = Object.entries(runtimes).filter(([name]) => wanted.length === 0 || wanted.includes(name))
    // A case that kills a server must be alone with it.
    const started = []
    for (const _ of options.cluster ? chosen : [0]) started.push(await startTarget(server, bindChunked, undo))
    console.log(`against ${started[0].name}`)
    // All at once: they mostly wait, and use names of their own.
    const results = await Promise.all(
      chosen.map(([name, run], index) => runOne(name, run, folder, started[index] ?? started[0])),
    )
    for (const counts of results) for (const name in totals) totals[name] += counts[name]
    const failed = started.filter((_, index) => started.length === 1 || results[index].failed > 0)
    if (totals.failed > 0) for (const { readLog } of failed) console.log(await readLog())
  } catch (error) {
    console.log(`\n✗ ${error.stack}\n`)
    totals.failed += 1
  } finally {
    for (const step of undo.reverse()) await step()
  }
  return totals
}

/** Installs this suite in the other one's place, so that the same runners run it. */
function install(folder) {
  installSuite(folder)
  cpSync(join(import.meta.dirname, "suite"), join(folder, "js-tests/real/suite"), { recursive: true })
  writeFileSync(join(folder, "js-tests/suite/index.mjs"), 'export { runSuite } from "../real/suite/index.mjs"\n')
}

async function startTarget({ embedded, cluster, url, webhookPort }, bindChunked, undo) {
  const start = embedded ? targets.embedded : cluster ? targets.cluster : url ? targets.named : targets.sockudo
  // Each needs the other's address. The subscribers' settings are filled in before the observer makes its first connection.
  const settings = {}
  const nodes = []
  const observer = await startObserver({
    settings,
    nodes,
    bindChunked,
    deadline: DEADLINE,
    webhookPort: start === targets.named ? webhookPort : 0,
  })
  undo.push(observer.close)
  const target = await start({ url, webhookPort, webhookUrl: observer.webhookUrl })
  undo.push(target.close)
  target.useWebhooks?.(observer.webhookUrl)
  nodes.push(...(target.nodes ?? []))
  Object.assign(settings, targets.makeClientSettings((nodes[1] ?? target).connectionUrl))
  return { ...target, observer: observer.url }
}

async function runOne(name, run, folder, { connectionUrl, local, named, lacks, nodes, observer }) {
  const { hostname: host } = new URL(connectionUrl)
  const urls = nodes?.map((node) => node.connectionUrl)
  try {
    const reach = { server: { host }, alsoReach: ["127.0.0.1"], anywhere: !local }
    const result = await run(folder, {
      runtime: name,
      ...reach,
      local,
      connectionUrl,
      named,
      lacks,
      nodes: urls,
      observer,
    })
    for (const failure of result.failures) console.log(`\n✗ ${name}: ${failure.name}\n${failure.reason}\n`)
    for (const { name: test, reason } of result.notOffered) console.log(`${name}: ${test}: not offered: ${reason}`)
    const skipped = result.notOffered.length
    console.log(`${name}: ${result.passed} passed, ${result.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`)
    return { passed: result.passed, failed: result.failed, skipped }
  } catch (error) {
    console.log(`\n✗ ${name}: ${error.stack}\n`)
    console.log(`${name}: 0 passed, 1 failed`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
