// The one list of what the package is entered by. tools/build.mjs makes the bundles, the `exports` map and `sideEffects` of package.json
// from it, and the tests learn from it which files there are.

/**
 * The files of JavaScript. What has a `format` is bundled from its `source` with all that it imports; the rest is copied as it is. One that
 * `startsAnother` does something to what it only passes on: bundlers must keep it for that. (Others are dropped where nothing of them is used.)
 * One `withoutAgents` is for hosts where an `http.Agent` is of no use, and weighs 0.5 KB less.
 * @type {{ file: string, source: string, format?: "esm" | "cjs", startsAnother?: boolean, withoutAgents?: boolean }[]}
 */
export const files = [
  { file: "start.js", source: "start.js", format: "esm", startsAnother: true, withoutAgents: true },
  { file: "worker.js", source: "worker.js", startsAnother: true },
  { file: "edge.js", source: "edge.js", startsAnother: true },
  { file: "index.js", source: "inline.js", format: "esm" },
  { file: "index.cjs", source: "require.cjs", format: "cjs" },
]

/** What else is in the package. */
export const others = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "index.d.cts",
  "index.d.ts",
  "package.json",
  "pusher.wasm",
]

/**
 * Which file a host gets, by the conditions that it and its tools have; the first that holds.
 * @type {{ conditions: string[], file: string }[]}
 */
const routes = [
  // Nitro's presets for Cloudflare, Vercel's and Netlify's edge: without `?module`, it would import the module's exports.
  { conditions: ["workerd", "unwasm"], file: "edge.js" },
  { conditions: ["workerd", "default"], file: "worker.js" },
  { conditions: ["edge-light"], file: "edge.js" },
  { conditions: ["require"], file: "index.cjs" },
  // One file for all that import: what a tracer finds with its bundler's conditions is what Node, Deno or Bun then loads.
  { conditions: ["default"], file: "index.js" },
]

const targetOf = (file) => ({ types: file.endsWith(".cjs") ? "./index.d.cts" : "./index.d.ts", default: `./${file}` })

/** Makes the `exports` map of package.json. */
export const exportsMap = () => {
  const root = {}
  for (const { conditions, file } of routes) {
    let place = root
    for (const condition of conditions.slice(0, -1)) place = place[condition] ??= {}
    place[conditions.at(-1)] = targetOf(file)
  }
  return { ".": root, "./package.json": "./package.json" }
}

/** Makes the list of files that bundlers must keep although nothing of them is used. */
export const sideEffects = () => files.filter(({ startsAnother }) => startsAnother).map(({ file }) => `./${file}`)
