// Measures what the library adds to a bundle.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { getBrotliSize } from "../projects.mjs"

const programs = {
  with: 'import Pusher from "pusher-http-wasm"\nglobalThis.library = Pusher\n',
  without: "globalThis.library = undefined\n",
}

/** The same programs as Workers. */
export const workerPrograms = {
  with: 'import Pusher from "pusher-http-wasm"\nexport default { fetch: () => new Response(Pusher.name) }\n',
  without: "export default { fetch: () => new Response() }\n",
}

/**
 * Measures a program that uses the library and one that does not. Resolves to the difference in bytes, brotli.
 *
 * @param {string} folder
 * @param {(entry: string, outdir: string) => Promise<unknown>} bundle both paths are absolute
 * @param {Record<string, string>} [sources] the two programs, if they need another form
 */
export async function measureWeight(folder, bundle, sources = programs) {
  const bytes = {}
  for (const [name, source] of Object.entries(sources)) {
    const at = join(folder, "weight", name)
    await mkdir(at, { recursive: true })
    await writeFile(join(at, "main.mjs"), source)
    await bundle(join(at, "main.mjs"), join(at, "out"))
    const files = (await readdir(join(at, "out"))).filter((file) => /\.(js|wasm)$/.test(file))
    bytes[name] = getBrotliSize(...(await Promise.all(files.map((file) => readFile(join(at, "out", file))))))
  }
  return bytes.with - bytes.without
}
