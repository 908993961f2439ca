// Node, Deno and Bun: measures the cases that its argument names, and prints what it finds, a line of JSON a case.
import { createRequire } from "node:module"

import { cases } from "./cases/all.mjs"
import { librariesOf } from "./libraries.mjs"
import { measure } from "./measure.mjs"
import { stubFetch } from "./stub.mjs"

const { names, settings } = JSON.parse(process.argv[2])
const require = createRequire(import.meta.url)

globalThis.fetch = stubFetch
// What `pusher` sends with.
const transport = createRequire(require.resolve("pusher")).resolve("node-fetch")
require.cache[transport] = { id: transport, filename: transport, loaded: true, exports: { default: stubFetch } }

const [{ default: ours }, { default: edge }] = await Promise.all([import("pusher-http-wasm"), import("pusher-http-edge")])
const libraries = await librariesOf({ ours, pusher: require("pusher"), edge, nacl: require("tweetnacl") })
for (const measured of cases.filter(({ name }) => names.includes(name))) {
  console.log(JSON.stringify({ name: measured.name, times: await measure(measured, libraries, settings) }))
}
