// Makes pkg/, the npm package, ready for `npm pack`: compiles the crate, optimises the module, and puts the entries of
// pkg-template/ around it. Prints what it weighs.
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"

import * as esbuild from "esbuild"

import { optimise } from "./optimise.mjs"
import { readParts, weighParts } from "./weight.mjs"

const root = resolve(import.meta.dirname, "..")
const bundlerOutput = join(root, "target/bundler")
const staging = join(root, "target/package")
const pkg = join(root, "pkg")
/** wasm-bindgen's glue as it goes into the package, beside its original, since it imports what lies there. */
const GLUE = "glue.js"
/** What the module imports of the glue, by how its name starts, and the function of pkg-template/tasks.js that it gets instead. */
const ownImports = [
  ["__wbg_queueMicrotask_", "queueTask"],
  // In four places it looks for the global object, only to ask that for a `queueMicrotask`.
  ["__wbg_static_accessor_", "noGlobal"],
]

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
    "--cfg=npm",
    // What is generic in other crates is compiled anew, where it can become part of what calls it: 2 KB of brotli less.
    "-Zshare-generics=no",
    // And what little that leaves to do before LLVM: 0.3 KB.
    "-Zmir-opt-level=3",
    "-Ctarget-feature=+simd128,+bulk-memory",
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
  run("wasm-pack", [...build, ".", "--", "--locked", "-Zbuild-std=std,panic_abort"], {
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
  })
}

function assemble(names) {
  const [snippets] = readdirSync(join(bundlerOutput, "snippets")).map((crate) => `snippets/${crate}/pkg-template`)
  const base64 = readFileSync(join(staging, "pusher.wasm")).toString("base64")
  writeFileSync(join(staging, "wasm.js"), `export const base64 = "${base64}"\n`)
  writeFileSync(join(staging, "imports.js"), importObject(names))
  writeFileSync(join(bundlerOutput, GLUE), glue(names))
  const parts = {
    "#glue": join(bundlerOutput, GLUE),
    "#errors": join(bundlerOutput, snippets, "errors.js"),
    "#values": join(bundlerOutput, snippets, "values.js"),
    "#imports": join(staging, "imports.js"),
    "#wasm": join(staging, "wasm.js"),
  }
  const bundle = (entry, outfile, options) => {
    const { warnings } = esbuild.buildSync({
      entryPoints: [join(root, "pkg-template", entry)],
      outfile: join(staging, outfile),
      // Its comments name the files from there.
      absWorkingDir: root,
      bundle: true,
      alias: parts,
      platform: "neutral",
      // Bundlers of users minify; until then people read it in stack traces.
      minifySyntax: true,
      charset: "utf8",
      logLevel: "warning",
      ...options,
    })
    // Shown by now. That one is how an import that was meant to be kept goes missing.
    if (warnings.length > 0) throw new Error(`esbuild warned of ${outfile}, see above`)
  }
  bundle("start.js", "start.js", { format: "esm" })
  bundle("entry-inline.js", "index.js", { format: "esm" })
  bundle("entry-require.cjs", "index.cjs", { format: "cjs" })
  for (const file of ["worker.js", "edge.js", "node.js", "node.cjs"])
    cpSync(join(root, `pkg-template/entry-${file}`), join(staging, file))
  rmSync(join(staging, "wasm.js"))
  rmSync(join(staging, "imports.js"))

  const types = readFileSync(join(root, "pkg-template/index.d.ts"), "utf8")
  const [shared, esmOnly, rest] = types.split("// --- what only `import` gives\n")
  if (rest !== undefined || esmOnly === undefined) throw new Error("pkg-template/index.d.ts: one marker line expected")
  writeFileSync(join(staging, "index.d.ts"), shared + esmOnly)
  writeFileSync(join(staging, "index.d.cts"), `${shared}export = Pusher\n`)

  const manifest = JSON.parse(readFileSync(join(root, "pkg-template/package.json"), "utf8"))
  const { version } = JSON.parse(output("cargo", ["metadata", "--format-version=1", "--no-deps", "--offline"]))
    .packages[0]
  const { name, ...others } = manifest
  writeFileSync(join(staging, "package.json"), `${JSON.stringify({ name, version, ...others }, null, 2)}\n`)
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) cpSync(join(root, file), join(staging, file))

  rmSync(pkg, { recursive: true, force: true })
  cpSync(staging, pkg, { recursive: true })
}

/** Everything that the module imports, by the short names that it has for it; and its start. */
function importObject({ imports, exports }) {
  const from = (module) => JSON.stringify(join(bundlerOutput, module === "./pusher_http_wasm_bg.js" ? GLUE : module))
  const lines = imports.map(([module, name], at) => {
    const [, own] = ownImports.find(([start]) => name.startsWith(start)) ?? []
    if (own) return `import { ${own} as import${at} } from ${JSON.stringify(join(root, "pkg-template/tasks.js"))}`
    return `import { ${name} as import${at} } from ${from(module)}`
  })
  const members = imports.map(([, , short], at) => `  ${short}: import${at},`)
  // wasm-opt gives all modules the one name.
  const [short] = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(staging, "pusher.wasm"))))
  const begin = exports.find(([name]) => name === "__wbindgen_start")[1]
  return [
    ...lines,
    `export const imports = { ${JSON.stringify(short.module)}: {`,
    ...members,
    "} }",
    `export const begin = (exports) => exports.${begin}()`,
    "",
  ].join("\n")
}

/** wasm-bindgen's glue, calling the module's exports by their short names. */
function glue({ exports }) {
  const short = Object.fromEntries(exports)
  const text = readFileSync(join(bundlerOutput, "pusher_http_wasm_bg.js"), "utf8")
  return text.replace(/\bwasm\.(\w+)/g, (whole, name) => (short[name] ? `wasm.${short[name]}` : whole))
}

function report() {
  console.log(`\npkg/ holds ${readdirSync(pkg).sort().join(", ")}`)
  console.table(weighParts(readParts(pkg)))
}
