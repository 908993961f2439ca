// Node, Deno and Bun: measures the cases that its argument names, and prints what it finds, a line of JSON a case. Given a server, the
// cases are those that send requests to it.
import { createRequire } from "node:module"

import { cases } from "./cases/all.mjs"
import { sendingTo } from "./cases/sending.mjs"
import { librariesOf } from "./libraries.mjs"
import { measure } from "./measure.mjs"
import { stubFetch } from "./stub.mjs"

const { names, settings, server } = JSON.parse(process.argv[2])
const require = createRequire(import.meta.url)

if (server === undefined) sendNothing()
const [{ default: ours }, { default: edge }] = await Promise.all([
  import("pusher-http-wasm"),
  import("pusher-http-edge"),
])
const packages = { ours, pusher: require("pusher"), edge, nacl: require("tweetnacl") }
const libraries = server === undefined ? librariesOf(packages) : packages
for (const measured of server === undefined ? cases : sendingTo(server)) {
  if (!names.includes(measured.name)) continue
  console.log(JSON.stringify({ name: measured.name, times: await measure(measured, libraries, settings) }))
}
// An agent's idle connections would keep it.
process.exit()

function sendNothing() {
  globalThis.fetch = stubFetch
  // What `pusher` sends with.
  const transport = createRequire(require.resolve("pusher")).resolve("node-fetch")
  require.cache[transport] = { id: transport, filename: transport, loaded: true, exports: { default: stubFetch } }
}
