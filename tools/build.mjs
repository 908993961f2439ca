// Makes pkg/, the npm package, ready for `npm pack`: compiles the crate, optimises the module, and puts the entries of
// pkg-template/ around it. Prints what it weighs.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { homedir } from "node:os"
import { join, resolve } from "node:path"

import { optimise } from "./optimise.mjs"
import { partsOf, weightsOf } from "./weight.mjs"

const root = resolve(import.meta.dirname, "..")
const bundlerOutput = join(root, "target/bundler")
const staging = join(root, "target/package")
const pkg = join(root, "pkg")
// The tools live with the tests; this file does not.
const require = createRequire(join(root, "js-tests/package.json"))
const esbuild = require("esbuild")

const run = (command, args, env = {}) =>
  execFileSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } })

const output = (command, args) => execFileSync(command, args, { cwd: root, encoding: "utf8" }).trim()

compile()
rmSync(staging, { recursive: true, force: true })
mkdirSync(staging, { recursive: true })
optimise(join(bundlerOutput, "pusher_http_wasm_bg.wasm"), join(staging, "pusher.wasm"))
assemble()
report()

/** The crate as a wasm module with wasm-bindgen's glue, its standard library rebuilt so that a panic is one instruction. */
function compile() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo")
  const flags = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Ctarget-feature=+simd128,+bulk-memory",
    // No path of this machine may be in what is published.
    `--remap-path-prefix=${root}=/pusher-http-wasm`,
    `--remap-path-prefix=${cargoHome}=/cargo`,
    `--remap-path-prefix=${output("rustc", ["--print", "sysroot"])}=/rust`,
  ]
  rmSync(bundlerOutput, { recursive: true, force: true })
  const build = ["build", "--target", "bundler", "--release", "--no-pack", "--no-typescript", "--out-dir", bundlerOutput]
  run("wasm-pack", [...build, ".", "--", "--locked", "-Zbuild-std=std,panic_abort"], {
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
  })
}

function assemble() {
  const [snippets] = readdirSync(join(bundlerOutput, "snippets")).map((crate) => `snippets/${crate}/pkg-template`)
  const base64 = readFileSync(join(staging, "pusher.wasm")).toString("base64")
  writeFileSync(join(staging, "wasm.js"), `export const base64 = "${base64}"\n`)
  writeFileSync(join(staging, "imports.js"), importObject())
  const parts = {
    "#glue": join(bundlerOutput, "pusher_http_wasm_bg.js"),
    "#errors": join(bundlerOutput, snippets, "errors.js"),
    "#values": join(bundlerOutput, snippets, "values.js"),
    "#imports": join(staging, "imports.js"),
    "#wasm": join(staging, "wasm.js"),
  }
  const bundle = (entry, outfile, options) =>
    esbuild.buildSync({
      entryPoints: [join(root, "pkg-template", entry)],
      outfile: join(staging, outfile),
      bundle: true,
      alias: parts,
      platform: "neutral",
      // Bundlers of users minify; until then people read it in stack traces.
      minifySyntax: true,
      charset: "utf8",
      logLevel: "warning",
      ...options,
    })
  bundle("start.js", "start.js", { format: "esm" })
  bundle("entry-inline.js", "index.js", { format: "esm" })
  bundle("entry-require.cjs", "index.cjs", { format: "cjs" })
  for (const [entry, file] of [["worker", "worker.js"], ["edge", "edge.js"], ["node", "node.js"]]) {
    cpSync(join(root, `pkg-template/entry-${entry}.js`), join(staging, file))
  }
  rmSync(join(staging, "wasm.js"))
  rmSync(join(staging, "imports.js"))

  const types = readFileSync(join(root, "pkg-template/index.d.ts"), "utf8")
  const [shared, esmOnly, rest] = types.split("// --- what only `import` gives\n")
  if (rest !== undefined || esmOnly === undefined) throw new Error("pkg-template/index.d.ts: one marker line expected")
  writeFileSync(join(staging, "index.d.ts"), shared + esmOnly)
  writeFileSync(join(staging, "index.d.cts"), `${shared}export = Pusher\n`)

  const manifest = JSON.parse(readFileSync(join(root, "pkg-template/package.json"), "utf8"))
  const { version } = JSON.parse(output("cargo", ["metadata", "--format-version=1", "--no-deps", "--offline"])).packages[0]
  const { name, ...others } = manifest
  writeFileSync(join(staging, "package.json"), JSON.stringify({ name, version, ...others }, null, 2) + "\n")
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) cpSync(join(root, file), join(staging, file))

  rmSync(pkg, { recursive: true, force: true })
  cpSync(staging, pkg, { recursive: true })
}

/**
 * The modules that the wasm imports from, each under the name that it has for it: wasm-bindgen's glue, and those of our own whose
 * functions need no glue.
 */
function importObject() {
  const module = new WebAssembly.Module(readFileSync(join(staging, "pusher.wasm")))
  const names = [...new Set(WebAssembly.Module.imports(module).map(({ module }) => module))]
  const imports = names.map((name, at) => `import * as module${at} from ${JSON.stringify(join(bundlerOutput, name))}\n`)
  const members = names.map((name, at) => `  ${JSON.stringify(name)}: module${at},\n`)
  return `${imports.join("")}export const imports = {\n${members.join("")}}\n`
}

function report() {
  console.log(`\npkg/ holds ${readdirSync(pkg).sort().join(", ")}`)
  console.table(weightsOf(partsOf(pkg)))
}
