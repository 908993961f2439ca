// The one list of what the package is entered by. tools/build.mjs makes the bundles, the `exports` map and `sideEffects` of package.json
// from it, and the tests learn from it which files there are.

/**
 * The files of JavaScript. What has a `format` is bundled from its `source` with all that it imports; the rest is copied as it is. Only an
 * import of the package itself stays one: a subpath that needs the main entry shares the one that the host has loaded. A file that
 * `startsAnother` does something to what it only passes on: bundlers must keep it for that. (Others are dropped where nothing of them is
 * used.) One `withoutAgents` is for hosts where an `http.Agent` is of no use, and weighs 0.5 KB less. One with a `target` runs in browsers,
 * and has no newer syntax than that. One that `isProgram` is run, not imported: it may import Node's modules.
 * @type {{
 *   file: string, source: string, format?: "esm" | "cjs", startsAnother?: boolean, withoutAgents?: boolean, target?: string,
 *   isProgram?: boolean
 * }[]}
 */
export const files = [
  { file: "start.js", source: "start.js", format: "esm", startsAnother: true, withoutAgents: true },
  { file: "worker.js", source: "worker.js", startsAnother: true },
  { file: "edge.js", source: "edge.js", startsAnother: true },
  { file: "index.js", source: "inline.js", format: "esm" },
  { file: "index.cjs", source: "require.cjs", format: "cjs" },
  { file: "cli.js", source: "../cli/index.js", format: "esm", isProgram: true },
  { file: "chunks.js", source: "../chunks/bind-chunked.js", format: "esm", target: "es2020" },
  { file: "chunks.cjs", source: "../chunks/require.cjs", format: "cjs", target: "es2020" },
  { file: "handlers.js", source: "../handlers/index.js", format: "esm" },
  { file: "handlers.cjs", source: "../handlers/require.cjs", format: "cjs" },
  { file: "node.js", source: "../node/index.js", format: "esm" },
  { file: "node.cjs", source: "../node/require.cjs", format: "cjs" },
  { file: "beams.js", source: "../beams/beams.js", format: "esm" },
  { file: "beams.cjs", source: "../beams/require.cjs", format: "cjs" },
  { file: "testing.js", source: "../testing/index.js", format: "esm" },
  { file: "testing.cjs", source: "../testing/require.cjs", format: "cjs" },
]

/**
 * Which file of the main entry a host gets, by the conditions that it and its tools have; the first that holds.
 * @type {{ conditions: string[], file: string }[]}
 */
const mainRoutes = [
  // Nitro's presets for Cloudflare, Vercel's and Netlify's edge: without `?module`, it would import the module's exports.
  { conditions: ["workerd", "unwasm"], file: "edge.js" },
  { conditions: ["workerd", "default"], file: "worker.js" },
  { conditions: ["edge-light"], file: "edge.js" },
  { conditions: ["require"], file: "index.cjs" },
  // One file for all that import: what a tracer finds with its bundler's conditions is what Node, Deno or Bun then loads.
  { conditions: ["default"], file: "index.js" },
]

/** Makes the routes of a subpath that is the same on every host. */
const routesByFormat = (name) => [
  { conditions: ["require"], file: `${name}.cjs` },
  { conditions: ["default"], file: `${name}.js` },
]

/**
 * What users import. `types` is the name of its declarations, in pkg-template/types/ and in the package. A bundler that knows no `exports`
 * takes the file of the subpath's name.
 */
export const subpaths = [
  { subpath: ".", types: "index", routes: mainRoutes },
  { subpath: "./chunks", types: "chunks", routes: routesByFormat("chunks") },
  { subpath: "./handlers", types: "handlers", routes: routesByFormat("handlers") },
  { subpath: "./node", types: "node", routes: routesByFormat("node") },
  { subpath: "./beams", types: "beams", routes: routesByFormat("beams") },
  { subpath: "./testing", types: "testing", routes: routesByFormat("testing") },
]

/** What else is in the package. */
export const others = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "THIRD-PARTY-LICENSES.txt",
  "package.json",
  "pusher.wasm",
  ...subpaths.flatMap(({ types }) => [`${types}.d.cts`, `${types}.d.ts`]),
]

const makeTarget = (file, types) => ({
  types: `./${types}${file.endsWith(".cjs") ? ".d.cts" : ".d.ts"}`,
  default: `./${file}`,
})

const makeConditions = ({ types, routes }) => {
  const root = {}
  for (const { conditions, file } of routes) {
    let place = root
    for (const condition of conditions.slice(0, -1)) place = place[condition] ??= {}
    place[conditions.at(-1)] = makeTarget(file, types)
  }
  return root
}

/** Makes the `exports` map of package.json. */
export const exportsMap = () => ({
  ...Object.fromEntries(subpaths.map((entry) => [entry.subpath, makeConditions(entry)])),
  "./package.json": "./package.json",
})

/** Makes the list of files that bundlers must keep although nothing of them is used. */
export const sideEffects = () => files.filter(({ startsAnother }) => startsAnother).map(({ file }) => `./${file}`)
