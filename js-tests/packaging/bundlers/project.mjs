// A user's project in which a bundler is at work, and what is asked of the bundles that come out of it.
import assert from "node:assert/strict"
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join, relative } from "node:path"

import { esbuild } from "../../../tools/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { bringTools, brotliBytes, check, run, together, versionIn } from "../projects.mjs"

/**
 * @typedef {object} Target a kind of program that is made with a bundler
 * @property {string} name
 * @property {string[]} command which says nothing but "compiled successfully" when all is well, and writes into dist/
 * @property {(folder: string) => Promise<{ url: string, stop: () => unknown }>} [serve] for a Worker: serves what is in dist/
 * @property {boolean} [commonJs] whether it is, or takes, CommonJS
 */

/**
 * A place in which one bundler makes all kinds of programs that are made with it.
 *
 * @param {{ name: string, tool: string, settings?: string, targets: Target[] }} bundler `tool`: its package; `settings`: the folder
 *   beside this file that has its configuration
 */
export const bundlerPlace = ({ name, tool, settings, targets }) => ({
  name,
  group: "Bundlers",
  async run(context) {
    await setUp(context.folder, settings)
    const results = []
    for (const target of targets) results.push(await tryOut(target, context).catch((error) => notBuilt(target, error)))
    const bytes = Object.fromEntries(
      results.flatMap(({ target, bytes }) => (bytes === undefined ? [] : [[target, bytes]])),
    )
    return {
      version: versionIn(join(context.folder, "node_modules"), tool),
      ...shortened(together(...results)),
      bundleBytes: bytes[targets[0].name],
      bundleBytesOf: bytes,
    }
  },
})

const notBuilt = ({ name }, { stack }) => ({ passed: 0, failures: [{ name: `${name}: is built`, reason: stack }] })

/** Node prints the line of a program that failed, which here may be all of it. */
export const shortened = ({ passed, failures }) => ({
  passed,
  failures: failures.map(({ name, reason }) => ({ name, reason: reason.replace(/^(.{300}).+$/gm, "$1…") })),
})

/** The project: the program, the settings of the bundler, its tools, and the smoke part of the suite as one file. */
export async function setUp(folder, settings) {
  installSuite(folder)
  await bringTools("bundlers", folder)
  const bring = (from, to) => cp(join(import.meta.dirname, from), join(folder, to), { recursive: true })
  await bring("app", "src")
  await bring("start.mjs", "start.mjs")
  await bring("../smoke.mjs", "js-tests/packaging/smoke.mjs")
  if (settings !== undefined) await bring(settings, ".")
  const contents = `
    import QUnit from "qunit"
    import { runSmoke } from "./js-tests/packaging/smoke.mjs"
    export const smoke = (library, environment) => runSmoke(QUnit, library, environment)`
  await esbuild.build({
    stdin: { contents, resolveDir: folder },
    outfile: join(folder, "src/smoke.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    plugins: [withoutNode],
    logLevel: "error",
  })
}

/** Parts of the suite that are not of the smoke part look into Node's modules; a bundler for other hosts would stumble over that. */
const withoutNode = {
  name: "without-node",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "nothing" }))
    build.onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "" }))
  },
}

/** In place of greet.js, programs that have not, or do not use, the library. */
const withoutImport = "export const library = {}\nexport const greet = () => {}\n"
const withoutUse = `import Pusher from "pusher-http-wasm"\n${withoutImport}export const unused = () => Pusher\n`

async function tryOut({ name, command, serve, commonJs = false }, context) {
  const { folder } = context
  const dist = join(folder, "dist")
  const make = async () => {
    await rm(dist, { recursive: true, force: true })
    return run(join(folder, "node_modules/.bin", command[0]), command.slice(1), { cwd: folder })
  }
  const cases = {
    [`${name}: is built without a word`]: async () =>
      assert.equal((await make()).replace(/^.* compiled successfully$/m, "").trim(), ""),
    [`${name}: holds the module once`]: async () => assert.equal(await copiesOfModule(folder, dist), 1),
    [`${name}: is complete`]: async () =>
      assert.doesNotMatch((await contentsOf(dist)).join("\n"), /["'`]pusher-http-wasm["'`]/),
  }
  let bytes
  if (!commonJs) {
    const greet = join(folder, "src/greet.js")
    const source = await readFile(greet)
    await writeFile(greet, serve ? withoutImport : withoutUse)
    await make()
    const [without, copies] = [brotliBytes(...(await contentsOf(dist))), await copiesOfModule(folder, dist)]
    await writeFile(greet, source)
    bytes = async () => brotliBytes(...(await contentsOf(dist))) - without
    if (!serve) cases[`${name}: an import that nothing uses costs nothing`] = () => assert.equal(copies, 0)
  }
  const start = async (order) =>
    serve ? startWorker(() => serve(folder), order) : startInNode(folder, await theBundle(dist), order)
  const result = await check(cases)
  return { target: name, ...together(result, await smoke(name, context, start)), bytes: await bytes?.() }
}

/** Has a program greet and run the suite's smoke part: `start` resolves to what it answers. */
export async function smoke(name, { channels, environment, url }, start) {
  const arrived = channels.requests.length
  let result = { passed: 0, failures: [] }
  const real = await check({
    [`${name}: sends a real event`]: async () => {
      const { status, ...suite } = await start({ environment, url, channel: "bundled" })
      result = suite
      assert.equal(status, 200)
      const [request] = channels.requests.slice(arrived)
      assert.equal(request.response.status, 200)
      assert.deepEqual(JSON.parse(request.body).channels, ["bundled"])
    },
    [`${name}: runs the suite`]: () => assert.notEqual(result.passed, 0),
  })
  const failures = result.failures.map((failure) => ({ ...failure, name: `${name}: ${failure.name}` }))
  return together(real, { ...result, failures })
}

/** Has start.mjs, in the project, start a program that is bundled. */
export async function startInNode(folder, bundle, order) {
  const output = await run(process.execPath, ["start.mjs", bundle, JSON.stringify(order)], { cwd: folder })
  return JSON.parse(output.trim().split("\n").at(-1))
}

async function theBundle(dist) {
  const bundles = (await readdir(dist, { recursive: true })).filter((file) => /\.c?js$/.test(file))
  assert.equal(bundles.length, 1)
  return join(dist, bundles[0])
}

/** What a Worker answers that is served for as long as it takes. */
export async function startWorker(serve, order) {
  const { url, stop } = await serve()
  try {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(order) })
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    return await response.json()
  } finally {
    await stop()
  }
}

/** Serves a Worker whose modules are in dist/, the first of them main.js. */
export const serveDist = (folder) => serveModules({ outdir: join(folder, "dist") })

/** How many times the wasm module is in the files of a folder: as it is, or as the text that the package has it in. */
async function copiesOfModule(folder, dist) {
  const [wasm, inline] = await contentsOf(join(folder, "node_modules/pusher-http-wasm"), ["pusher.wasm", "index.js"])
  const text = inline
    .toString("latin1")
    .split("\n")
    .reduce((longest, line) => (line.length > longest.length ? line : longest))
  const pieces = [wasm.toString("latin1"), text].map((whole) => whole.slice(whole.length / 2, whole.length / 2 + 300))
  const contents = (await contentsOf(dist)).map((content) => content.toString("latin1"))
  return contents
    .flatMap((content) => pieces.map((piece) => content.split(piece).length - 1))
    .reduce((sum, count) => sum + count, 0)
}

async function contentsOf(folder, files) {
  const entries =
    files ??
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
  return Promise.all(entries.map((file) => readFile(join(folder, file))))
}
