// Profiles the cases that the argument names, for so many milliseconds each, and prints as JSON what they spend their time on. Node only.
import { readFileSync } from "node:fs"
import { Session } from "node:inspector/promises"
import { fileURLToPath } from "node:url"

import edge from "pusher-http-edge"
import ours from "pusher-http-wasm"
import nacl from "tweetnacl"

import { cases } from "./cases/all.mjs"
import { makeGrouping, NOBODY, sharesOf } from "./costs.mjs"
import { librariesOf } from "./libraries.mjs"

/** Milliseconds of calls without a pause. */
const TASK = 20

const groupOf = makeGrouping(readFileSync(fileURLToPath(import.meta.resolve("pusher-http-wasm")), "utf8"))
/** A function by itself, with where it is. */
const functionOf = (frame) => {
  if (groupOf(frame) === NOBODY) return NOBODY
  const { functionName, url, lineNumber } = frame
  const place = url.startsWith("wasm") ? "wasm" : `${url.replace(/.*\//, "")}:${lineNumber + 1}`
  return `${functionName.replace(/\[[0-9a-f]+\]/g, "") || "(anonymous)"} [${place}]`
}

const libraries = librariesOf({ ours, edge, nacl })
const session = new Session()
session.connect()
await session.post("Profiler.enable")
await session.post("Profiler.setSamplingInterval", { interval: 200 })

const { names, milliseconds } = JSON.parse(process.argv[2])
const results = {}
for (const { name, variants } of cases.filter(({ name }) => names.includes(name))) {
  const { ours: call } = await variants(libraries)
  await callFor(call, milliseconds / 2)
  await session.post("Profiler.start")
  await callFor(call, milliseconds)
  const { profile } = await session.post("Profiler.stop")
  const [groups, functions] = [groupOf, functionOf].map((labelOf) => sharesOf(profile, labelOf))
  results[name] = { groups, functions }
}
console.log(JSON.stringify(results))
session.disconnect()

/** Between tasks, compilers put their work in place. */
async function callFor(call, milliseconds) {
  const isAsync = typeof call()?.then === "function"
  for (const start = performance.now(); performance.now() - start < milliseconds; ) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    for (const task = performance.now(); performance.now() - task < TASK; ) {
      if (isAsync) for (let at = 0; at < 100; at++) await call()
      else for (let at = 0; at < 100; at++) call()
    }
  }
}
