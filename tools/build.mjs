// Makes pkg/, the npm package, ready for `npm pack`: compiles the crate, optimises the module, and puts the entries of
// pkg-template/ around it. Prints what it weighs.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"

import * as esbuild from "esbuild"

import { exportsMap, files, sideEffects, subpaths } from "../pkg-template/entries/entries.mjs"
import { LICENCES_FILE, makeLicences } from "./licences.mjs"
import { optimise } from "./optimise.mjs"
import { describeRepository } from "./repository.mjs"
import { readParts, weighParts, weighSubpaths } from "./weight.mjs"

const root = resolve(import.meta.dirname, "..")
const bundlerOutput = join(root, "target/bundler")
const staging = join(root, "target/package")
const template = join(root, "pkg-template")
const pkg = join(root, "pkg")
const run = (command, args, env = {}) =>
  execFileSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } })

const output = (command, args) => execFileSync(command, args, { cwd: root, encoding: "utf8" }).trim()

compile()
rmSync(staging, { recursive: true, force: true })
mkdirSync(staging, { recursive: true })
assemble(optimise(join(bundlerOutput, "pusher_http_wasm_bg.wasm"), join(staging, "pusher.wasm")))
report()

/** The crate as a wasm module with wasm-bindgen's glue, its standard library rebuilt so that a panic is one instruction. */
function compile() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo")
  const flags = [
    "-Zunstable-options",
    // A panic says nothing, so nobody reads where it was.
    "-Zlocation-detail=none",
    "-Cpanic=immediate-abort",
    // See src/lib.rs.
    "--cfg=size_optimized",
    // What is generic in other crates is compiled anew, where it can become part of what calls it: 2 KB of brotli less.
    "-Zshare-generics=no",
    // And what little that leaves to do before LLVM: 0.3 KB.
    "-Zmir-opt-level=3",
    "-Ctarget-feature=+simd128,+bulk-memory",
    // Bytes of its stack, which each instance has in its memory: a megabyte if nothing is said. Nothing in here recurses, and the deepest calls
    // take 5 KB; one that took more than there is would trap. It is wiped whenever a client is freed: 64 KB would take 2 µs then.
    "-Clink-arg=-zstack-size=16384",
    // No path of this machine may be in what is published.
    `--remap-path-prefix=${root}=/pusher-http-wasm`,
    `--remap-path-prefix=${cargoHome}=/cargo`,
    `--remap-path-prefix=${output("rustc", ["--print", "sysroot"])}=/rust`,
  ]
  rmSync(bundlerOutput, { recursive: true, force: true })
  const build = [
    "build",
    "--target",
    "bundler",
    "--release",
    "--no-pack",
    "--no-typescript",
    "--out-dir",
    bundlerOutput,
  ]
  run("wasm-pack", [...build, ".", "--", "--locked", "--features=npm", "-Zbuild-std=std,panic_abort"], {
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
  })
}

function assemble(names) {
  const base64 = readFileSync(join(staging, "pusher.wasm")).toString("base64")
  writeFileSync(join(staging, "wasm.js"), `export const base64 = "${base64}"\n`)
  writeFileSync(join(staging, "module.js"), moduleSource(names))
  const { version } = JSON.parse(output("cargo", ["metadata", "--format-version=1", "--no-deps", "--offline"]))
    .packages[0]
  for (const { file, source, format, target, withoutAgents, isProgram } of files) {
    const define = { PACKAGE_VERSION: JSON.stringify(version), HAS_AGENTS: String(!withoutAgents) }
    const options = isProgram ? { platform: "node", target: "node20" } : { target }
    if (format) bundle(source, file, { format, define, ...options })
    else cpSync(join(template, "entries", source), join(staging, file))
  }
  rmSync(join(staging, "wasm.js"))
  rmSync(join(staging, "module.js"))

  for (const { types } of subpaths) writeTypes(types)

  const { name, ...manifest } = JSON.parse(readFileSync(join(template, "package.json"), "utf8"))
  const derived = { ...describeRepository(process.env), sideEffects: sideEffects(), exports: exportsMap() }
  writeFileSync(
    join(staging, "package.json"),
    `${JSON.stringify({ name, version, ...manifest, ...derived }, null, 2)}\n`,
  )
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) cpSync(join(root, file), join(staging, file))
  writeFileSync(join(staging, LICENCES_FILE), makeLicences())

  rmSync(pkg, { recursive: true, force: true })
  cpSync(staging, pkg, { recursive: true })
}

/** Writes the declarations of a subpath for `import` and for `require`. They are the same, unless a line marks what only `import` gives. */
function writeTypes(name) {
  const text = readFileSync(join(template, `types/${name}.d.ts`), "utf8")
  const [shared, esmOnly = "", rest] = text.split("// --- what only `import` gives\n")
  if (rest !== undefined || (name === "index" && esmOnly === ""))
    throw new Error(`types/${name}.d.ts: one marker line expected`)
  writeFileSync(join(staging, `${name}.d.ts`), shared + esmOnly)
  // `module.exports.default` is the class as well, for those who import it so without `esModuleInterop`.
  const requireOnly = "declare namespace Pusher {\n  export { Pusher as default }\n}\nexport = Pusher\n"
  writeFileSync(join(staging, `${name}.d.cts`), esmOnly === "" ? shared : shared + requireOnly)
}

function bundle(source, file, options) {
  const { warnings } = esbuild.buildSync({
    entryPoints: [join(template, "entries", source)],
    outfile: join(staging, file),
    // Its comments name the files from there.
    absWorkingDir: root,
    bundle: true,
    alias: {
      // The two things that are made here: the module's JavaScript, and its bytes as text.
      "#module": join(staging, "module.js"),
      "#wasm": join(staging, "wasm.js"),
    },
    external: ["pusher-http-wasm"],
    platform: "neutral",
    // Bundlers of users minify; until then people read it in stack traces.
    minifySyntax: true,
    charset: "utf8",
    logLevel: "warning",
    ...options,
  })
  // Shown by now. One of them is how an import that was meant to be kept goes missing.
  if (warnings.length > 0) throw new Error(`esbuild warned of ${file}, see above`)
}

/**
 * A function that makes an instance of the module. What the module imports is wasm-bindgen's, short of helpers; what it exports is called here by
 * its short names, and a client is freed with its object. wasm-bindgen's own classes and functions around the exports weigh 0.1 KB of brotli more, and
 * its `initSync` asks for `instanceof WebAssembly.Module`, which fails where the module comes from another realm, as on Next's edge runtime.
 */
function moduleSource({ imports, exports }) {
  const short = Object.fromEntries(exports)
  const glue = readFileSync(join(bundlerOutput, "pusher_http_wasm_bg.js"), "utf8")
  // wasm-opt gives all modules the one name.
  const [{ module }] = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(staging, "pusher.wasm"))))
  return `import { decoder } from ${JSON.stringify(join(template, "module/frame.js"))}
export const instantiate = (module) => {
  const getText = (address, length) => decoder.decode(new Uint8Array(memory.buffer, address >>> 0, length))
  const wasm = new WebAssembly.Instance(module, { ${JSON.stringify(module)}: {
    ${imports.map(([, name, own]) => `${own}: ${importSource(glue, name, short)}`).join(",\n")}
  } }).exports
  const { ${short.memory}: memory } = wasm
  const free = (pointer) => wasm.${short.__wbg_client_free}(pointer, 1)
  const registry = typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry(free)
  class Client {
    constructor() {
      this.pointer = wasm.${short.client_new}()
      registry?.register(this, this.pointer, this)
    }
    call(operation, time, length) {
      return wasm.${short.client_call}(this.pointer, operation, time, length) >>> 0
    }
    free() {
      registry?.unregister(this)
      free(this.pointer)
    }
  }
  wasm.${short.__wbindgen_start}()
  return { Client, memory, recover: wasm.${short.recover}, reserve: (length) => wasm.${short.reserve}(length) >>> 0 }
}
`
}

/** Returns a function that the module imports, as an expression: wasm-bindgen's, with the helpers that it calls replaced. */
function importSource(glue, name, short) {
  const [, parameters, body] = new RegExp(`^export function ${name}(\\(.*\\)) ({\\n[^]*?^})`, "m").exec(glue)
  const own = body
    // It decodes a few sentences after a failure: our own decoder will do, though Safari's ends after 2 GB.
    .replaceAll("getStringFromWasm0(", "getText(")
    // The module makes one closure, which always succeeds and lasts as long as its instance.
    .replace(/makeMutClosure\((\w+), (\w+), (\w+)\)/, "() => wasm.$3($1, $2)")
    .replace(/\bwasm\.(\w+)/g, (_, name) => `wasm.${short[name]}`)
  if (/\b(\w+0|isLikeNone|makeMutClosure)\(/.test(own))
    throw new Error(`wasm-bindgen's ${name} calls a helper that is missing`)
  return `${parameters} => ${own}`
}

function report() {
  console.log(`\npkg/ holds ${readdirSync(pkg).sort().join(", ")}`)
  console.table({ ...weighParts(readParts(pkg)), ...weighSubpaths(pkg) })
}
