// The published module with its functions' names: for whoever measures what each weighs or takes.
import { existsSync, mkdirSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

import { optimise } from "./optimise.mjs"

const target = resolve(import.meta.dirname, "../target")
const compiled = join(target, "bundler/pusher_http_wasm_bg.wasm")
const named = join(target, "size/pusher.wasm")

/** Makes it, once for each build. Returns its path. */
export const makeNamedModule = () => {
  if (!existsSync(compiled)) throw new Error(`${compiled} is not there: \`make build\` makes it`)
  if (!existsSync(named) || statSync(named).mtimeMs < statSync(compiled).mtimeMs) {
    mkdirSync(dirname(named), { recursive: true })
    optimise(compiled, named, { names: true })
  }
  return named
}
