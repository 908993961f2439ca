// Profiles the cases that the argument names, and prints the largest costs of each. Node only.
import { Session } from "node:inspector/promises"

import edge from "pusher-http-edge"
import ours from "pusher-http-wasm"
import nacl from "tweetnacl"

import { cases } from "./cases/all.mjs"
import { librariesOf } from "./libraries.mjs"

const LARGEST = 22
// What the profiler itself does, and waiting.
const NOT_OURS = ["(idle)", "(program)", "dispatch"]

const libraries = librariesOf({ ours, edge, nacl })
const session = new Session()
session.connect()
await session.post("Profiler.enable")
await session.post("Profiler.setSamplingInterval", { interval: 200 })

for (const { name, variants } of cases.filter(({ name }) => JSON.parse(process.argv[2]).includes(name))) {
  const { ours: call } = await variants(libraries)
  await callFor(call, 1000)
  await session.post("Profiler.start")
  await callFor(call, 2000)
  const { profile } = await session.post("Profiler.stop")
  print(name, costsOf(profile))
}
session.disconnect()

async function callFor(call, milliseconds) {
  const isAsync = typeof call()?.then === "function"
  for (const from = performance.now(); performance.now() - from < milliseconds; ) {
    if (isAsync) for (let at = 0; at < 100; at++) await call()
    else for (let at = 0; at < 100; at++) call()
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
}

/** Microseconds in each function itself, without what it calls. */
function costsOf({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const costs = new Map()
  for (const [at, id] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(id)
    if (NOT_OURS.includes(functionName)) continue
    const place = url.startsWith("wasm") ? "wasm" : `${url.replace(/.*\//, "")}:${lineNumber + 1}`
    const label = `${functionName.replace(/\[[0-9a-f]+\]/g, "") || "(anonymous)"} [${place}]`
    costs.set(label, (costs.get(label) ?? 0) + timeDeltas[at])
  }
  return [...costs].sort(([, one], [, other]) => other - one)
}

function print(name, costs) {
  const total = costs.reduce((sum, [, cost]) => sum + cost, 0)
  console.log(`\n${name}`)
  for (const [label, cost] of costs.slice(0, LARGEST))
    console.log(`${((100 * cost) / total).toFixed(1).padStart(6)} %  ${label.slice(0, 130)}`)
}
