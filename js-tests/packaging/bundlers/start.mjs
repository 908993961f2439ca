// Starts a bundled program in Node, has it greet, and runs the smoke part of the suite on the library in it.
//
//   node start.mjs BUNDLE '{ "environment": …, "url": …, "channel": … }'
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"

import { smoke } from "./src/smoke.js"

const [bundle, argument] = process.argv.slice(2)
const { environment, url, channel } = JSON.parse(argument)
const program = new Promise((resolve) => {
  globalThis.started = resolve
})
// Vite's pages first check whether the browser preloads modules.
globalThis.document = { createElement: () => ({ relList: { supports: () => true } }) }
await import(pathToFileURL(resolve(bundle)))
delete globalThis.document
const { greet, library, subpaths } = await program
const status = await greet(url, channel)
console.log(JSON.stringify({ status, ...(await smoke(library, { ...environment, subpaths })) }))
process.exit()
