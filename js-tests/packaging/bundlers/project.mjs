// Makes a user's project with a bundler, and checks the bundles that come out of it.
import assert from "node:assert/strict"
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join, relative } from "node:path"

import { esbuild } from "../../../tools/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { serveModules } from "../../support/workerd.mjs"
import { combine, copyTools, getBrotliSize, readVersion, run, runCases } from "../projects.mjs"

/**
 * @typedef {object} Target a kind of program that users bundle
 * @property {string} name
 * @property {string[]} command writes into dist/, and prints nothing but "compiled successfully" on success
 * @property {(folder: string) => Promise<{ url: string, stop: () => unknown }>} [serve] for a Worker: serves dist/
 * @property {boolean} [commonJs] whether the program or the bundled package is CommonJS
 * @property {boolean} [keepsUnused] whether the bundler keeps every package that is named in a module it keeps
 */

/**
 * Makes a place in which one bundler makes all its kinds of programs.
 *
 * @param {{ name: string, tool: string, settings?: string, tools?: string, targets: Target[] }} bundler `tool`: its package; `settings`: the
 *   folder with its configuration, next to this file; `tools`: the group that it is installed with
 */
export const makeBundlerPlace = ({ name, tool, settings, tools, targets }) => ({
  name,
  group: "Bundlers",
  async run(context) {
    await setUp(context.folder, settings, tools)
    const results = []
    for (const target of targets)
      results.push(await tryOut(target, context).catch((error) => reportBuildFailure(target, error)))
    const bytes = Object.fromEntries(
      results.flatMap(({ target, bytes }) => (bytes === undefined ? [] : [[target, bytes]])),
    )
    return {
      version: readVersion(join(context.folder, "node_modules"), tool),
      ...shorten(combine(...results)),
      bundleBytes: bytes[targets[0].name],
      bundleBytesOf: bytes,
    }
  },
})

const reportBuildFailure = ({ name }, { stack }) => ({
  passed: 0,
  failures: [{ name: `${name}: is built`, reason: stack }],
})

/** Shortens lines of failures: Node prints the line that failed, which may be a whole bundle. */
export const shorten = ({ passed, failures }) => ({
  passed,
  failures: failures.map(({ name, reason }) => ({ name, reason: reason.replace(/^(.{300}).+$/gm, "$1…") })),
})

/** Sets up the project: the program, the bundler's settings and tools, and the smoke part of the suite as one file. */
export async function setUp(folder, settings, group = "bundlers") {
  await copyTools(group, folder)
  const copy = (from, to) => cp(join(import.meta.dirname, from), join(folder, to), { recursive: true })
  await copy("app", "src")
  await copy("start.mjs", "start.mjs")
  if (settings !== undefined) await copy(settings, ".")
  await writeSmoke(folder)
}

/** Writes the smoke part of the suite as one file, src/smoke.js, which exports `smoke(library, environment)`. */
export async function writeSmoke(folder) {
  installSuite(folder)
  await cp(join(import.meta.dirname, "../smoke.mjs"), join(folder, "js-tests/packaging/smoke.mjs"))
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
    plugins: [withoutUnused],
    logLevel: "error",
  })
}

/**
 * Replaces what only other parts of the suite use: Node's modules, which bundlers for other hosts cannot resolve, and subpaths that import the
 * main entry, with which a place would have the module twice.
 */
const withoutUnused = {
  name: "without-unused",
  setup(build) {
    const filter = /^(node:|pusher-http-wasm\/(handlers|node|beams|testing)$)/
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "nothing" }))
    build.onLoad({ filter: /./, namespace: "nothing" }, () => ({ contents: "" }))
  },
}

/** Replacements of greet.js that do not import, or do not use, the library. */
const withoutImport = "export const library = {}\nexport const greet = () => {}\n"
const withoutUse = `import Pusher from "pusher-http-wasm"\n${withoutImport}export const unused = () => Pusher\n`

async function tryOut({ name, command, serve, commonJs = false, keepsUnused = false }, context) {
  const { folder } = context
  const dist = join(folder, "dist")
  const make = async () => {
    await rm(dist, { recursive: true, force: true })
    return run(join(folder, "node_modules/.bin", command[0]), command.slice(1), { cwd: folder })
  }
  const cases = {
    [`${name}: is built without warnings`]: async () =>
      assert.equal((await make()).replace(/^.* compiled successfully$/m, "").trim(), ""),
    [`${name}: holds the module once`]: async () => assert.equal(await countModules(folder, dist), 1),
    [`${name}: includes the package`]: async () =>
      assert.doesNotMatch((await readFiles(dist)).join("\n"), /["'`]pusher-http-wasm["'`]/),
  }
  let bytes
  if (!commonJs) {
    const greet = join(folder, "src/greet.js")
    const source = await readFile(greet)
    const mayKeep = serve || keepsUnused
    await writeFile(greet, mayKeep ? withoutImport : withoutUse)
    await make()
    const [without, copies] = [getBrotliSize(...(await readFiles(dist))), await countModules(folder, dist)]
    await writeFile(greet, source)
    bytes = async () => getBrotliSize(...(await readFiles(dist))) - without
    if (!mayKeep) cases[`${name}: drops the module of an unused import`] = () => assert.equal(copies, 0)
  }
  const start = async (order) =>
    serve ? startWorker(() => serve(folder), order) : startInNode(folder, await findBundle(dist), order)
  const result = await runCases(cases)
  return { target: name, ...combine(result, await checkProgram(name, context, start)), bytes: await bytes?.() }
}

/** Has a program greet and run the suite's smoke part. `start(order)` resolves to its answer. */
export async function checkProgram(name, { channels, environment, url }, start) {
  const arrived = channels.requests.length
  let result = { passed: 0, failures: [] }
  const real = await runCases({
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
  return combine(real, { ...result, failures })
}

/** Has the project's start.mjs start a bundled program. */
export async function startInNode(folder, bundle, order) {
  const output = await run(process.execPath, ["start.mjs", bundle, JSON.stringify(order)], { cwd: folder })
  return JSON.parse(output.trim().split("\n").at(-1))
}

async function findBundle(dist) {
  const bundles = (await readdir(dist, { recursive: true })).filter((file) => /\.c?js$/.test(file))
  assert.equal(bundles.length, 1)
  return join(dist, bundles[0])
}

/** Serves a Worker until it has answered an order. Resolves to its answer. */
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

/** Serves a Worker whose modules are in dist/; the main one is main.js. */
export const serveDist = (folder) => serveModules({ outdir: join(folder, "dist") })

/** Counts the copies of the wasm module in the files of a folder, as bytes or as the package's text. */
async function countModules(folder, dist) {
  const [wasm, inline] = await readFiles(join(folder, "node_modules/pusher-http-wasm"), ["pusher.wasm", "index.js"])
  const text = inline
    .toString("latin1")
    .split("\n")
    .reduce((longest, line) => (line.length > longest.length ? line : longest))
  const pieces = [wasm.toString("latin1"), text].map((whole) => whole.slice(whole.length / 2, whole.length / 2 + 300))
  const contents = (await readFiles(dist)).map((content) => content.toString("latin1"))
  return contents
    .flatMap((content) => pieces.map((piece) => content.split(piece).length - 1))
    .reduce((sum, count) => sum + count, 0)
}

async function readFiles(folder, files) {
  const entries =
    files ??
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
  return Promise.all(entries.map((file) => readFile(join(folder, file))))
}
