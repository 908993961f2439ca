// Runs programs from Vite's development server, which bundles the package before it serves it.
import assert from "node:assert/strict"
import { mkdir, writeFile } from "node:fs/promises"
import { dirname, join, relative } from "node:path"

import { checkProgram, setUp, shorten, startInNode, startWorker } from "../bundlers/project.mjs"
import { combine, readVersion, serve } from "../projects.mjs"

export default {
  name: "Vite (development server)",
  group: "Bundlers",
  async run(context) {
    const { folder } = context
    await setUp(folder, "vite")
    const results = [
      await checkProgram("browser", context, (order) => startPage(folder, order)),
      await checkProgram("SSR", context, (order) => startInNode(folder, "ssr.mjs", order)),
      await checkProgram("SSR, dependencies bundled", context, (order) =>
        startInNode(folder, "ssr-bundled.mjs", order),
      ),
      await checkProgram("Worker", context, (order) => startWorker(() => serveVite(folder, "worker"), order)),
    ]
    return { version: readVersion(join(folder, "node_modules"), "vite"), ...shorten(combine(...results)) }
  },
}

async function serveVite(folder, project = ".") {
  const args = [project, "--host", "127.0.0.1", "--port", "0"]
  const { match, output, stop } = await serve("node_modules/.bin/vite", args, {
    cwd: folder,
    // Cloudflare's plugin would ask Cloudflare for this machine's location.
    env: { CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    ready: /(http:\/\/127\.0\.0\.1:\d+\/)/,
  })
  const end = async () => {
    await stop()
    assert.doesNotMatch(output(), /warn|error/i)
  }
  return { url: match[1], stop: end }
}

/** Fetches the page's program as a browser does, module by module, and starts it. */
async function startPage(folder, order) {
  const { url, stop } = await serveVite(folder)
  try {
    const paths = await download("/src/main.js", url, join(folder, "page"))
    assert.equal(
      paths.filter((path) => path.startsWith("/node_modules/.vite/deps/pusher-http-wasm.js")).length,
      1,
      "serves the bundled package",
    )
  } finally {
    await stop()
  }
  return startInNode(folder, "page/src/main.js", order)
}

/** Downloads a module and all its imports into a folder with adjusted paths. Resolves to their paths. */
async function download(start, url, folder) {
  const paths = [start]
  const fileOf = (path) => join(folder, new URL(path, url).pathname)
  // The list grows during the loop.
  for (const path of paths) {
    const response = await fetch(new URL(path, url))
    assert.equal(response.status, 200, path)
    const code = (await response.text()).replace(/(?<=^(?:import|export|\}).*["'])\/[^"']+(?=["'])/gm, (imported) => {
      if (!paths.includes(imported)) paths.push(imported)
      return `./${relative(dirname(fileOf(path)), fileOf(imported))}`
    })
    await mkdir(dirname(fileOf(path)), { recursive: true })
    await writeFile(fileOf(path), code)
  }
  return paths
}
