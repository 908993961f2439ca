// Programs written for npm `pusher` compile with this library as well: however it is imported, under every kind of module resolution,
// with TypeScript 5 and 7. Each program is compiled against both libraries: what compiles there, compiles here.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { after, describe, test } from "node:test"

import { byCommand, inProcess, loadTypeScript, makeProject, show, writeFiles } from "./compile.mjs"

const project = await makeProject()
after(project.remove)
const { folder, tools } = project
const typescript = loadTypeScript(tools, "typescript-5")

/** Module formats and resolutions, with the folders whose files each compiles: `esm` files are modules for Node, `cjs` files are not. */
const RESOLUTIONS = {
  "commonjs, node10": { module: "commonjs", moduleResolution: "node10", formats: ["cjs"] },
  "esnext, node10": { module: "esnext", moduleResolution: "node10", formats: ["esm"] },
  node16: { module: "node16", moduleResolution: "node16", formats: ["cjs", "esm"] },
  nodenext: { module: "nodenext", moduleResolution: "nodenext", formats: ["cjs", "esm"] },
  "esnext, bundler": { module: "esnext", moduleResolution: "bundler", formats: ["esm"] },
  "preserve, bundler": { module: "preserve", moduleResolution: "bundler", formats: ["esm"] },
  "commonjs, bundler": { module: "commonjs", moduleResolution: "bundler", formats: ["cjs"] },
}
const COMPILERS = {
  "TypeScript 5": {
    compile: inProcess(typescript, project),
    resolutions: Object.keys(RESOLUTIONS).filter((name) => name !== "commonjs, bundler"),
    interop: [true, false],
  },
  // It has no node10 any more, nor `esModuleInterop: false`.
  "TypeScript 7": {
    compile: byCommand(join(tools, "typescript-7/bin/tsc"), project),
    resolutions: Object.keys(RESOLUTIONS).filter((name) => !name.endsWith("node10")),
    interop: [true],
  },
}

const names = readExportedNames()
const programs = { ...readDropIns(), example: readExample(), names: useAllNames() }

/**
 * The ways to import, with the programs for each. `write` turns a program's default import into the form; `isAllowed` tells where TypeScript
 * allows it, whatever the library.
 */
const FORMS = {
  default: {
    programs: ["peer", "classes", "names"],
    write: (text) => text,
    isAllowed: ({ isVerbatimCommonJS }) => !isVerbatimCommonJS,
  },
  named: {
    programs: ["peer", "classes", "names"],
    write: (text, { verbatimModuleSyntax }) => importByName(text, verbatimModuleSyntax),
    isAllowed: ({ isVerbatimCommonJS }) => !isVerbatimCommonJS,
  },
  // The example of npm `pusher` calls functions, and never makes an instance of what it imports.
  "star, of functions": {
    programs: ["example", "names"],
    write: (text) => text.replace('import Pusher from "', 'import * as Pusher from "'),
    isAllowed: ({ isVerbatimCommonJS }) => !isVerbatimCommonJS,
  },
  "star, of the class": {
    programs: ["peer", "classes"],
    write: (text) => text.replace('import Pusher from "', 'import * as Pusher from "'),
    // The star is the class itself only if it stands for what `require` returns.
    isAllowed: ({ isVerbatimCommonJS, format, esModuleInterop }) =>
      !isVerbatimCommonJS && !esModuleInterop && format === "cjs",
  },
  require: {
    programs: ["peer", "classes", "names"],
    write: (text) => text.replace(/^import Pusher from ("[^"]*")/m, "import Pusher = require($1)"),
    isAllowed: ({ module }) => module !== "esnext",
  },
}

for (const [compiler, { compile, resolutions, interop }] of Object.entries(COMPILERS)) {
  describe(compiler, () => {
    for (const resolution of resolutions) {
      for (const esModuleInterop of interop) {
        for (const verbatimModuleSyntax of [true, false]) {
          // Both of its values with each resolution and each compiler.
          const exactOptionalPropertyTypes = verbatimModuleSyntax === esModuleInterop
          const flags = { esModuleInterop, verbatimModuleSyntax, exactOptionalPropertyTypes }
          const on = Object.keys(flags).filter((flag) => flags[flag])
          test(`${resolution}${on.length > 0 ? `, with ${on.join(", ")}` : ""}`, () =>
            compileForms(compile, { ...RESOLUTIONS[resolution], ...flags }))
        }
      }
    }
  })
}

test("the matrix has every name that npm `pusher` exports", () => {
  assert.ok(names.length > 20, String(names.length))
  for (const { name } of names) assert.match(programs.names, new RegExp(`Pusher\\.${name}\\b`))
})

async function compileForms(compile, { formats, ...options }) {
  const cases = formats.flatMap((format) =>
    Object.entries(FORMS).flatMap(([form, { programs: names, write, isAllowed }]) => {
      const isVerbatimCommonJS = options.verbatimModuleSyntax && format === "cjs"
      const allowed = isAllowed({ ...options, format, isVerbatimCommonJS })
      return names.map((name) => ({ format, form, name, allowed, text: write(programs[name], options) }))
    }),
  )
  const pathOf = ({ format, form, name }, library) => `${format}/${library}/${form.replace(/\W+/g, "-")}.${name}.ts`
  writeFiles(folder, { "cjs/package.json": '{ "type": "commonjs" }', "esm/package.json": '{ "type": "module" }' })
  const sources = cases.map((one) => [pathOf(one, "ours"), one.text])
  // That they compile with npm `pusher` says that the programs are right. (Its types have no `default` without `esModuleInterop`.)
  const comparable = cases.filter(({ allowed }) => allowed && options.esModuleInterop)
  for (const one of comparable) {
    sources.push([pathOf(one, "theirs"), one.text.replace('"pusher-http-wasm"', '"pusher"')])
  }
  const paths = writeFiles(folder, Object.fromEntries(sources))
  const base = { strict: true, target: "es2022", lib: ["es2022", "dom"], types: ["node"], skipLibCheck: true }
  const found = await compile({ ...base, ...options }, paths)

  const errorsOf = (path) =>
    show(
      folder,
      found.filter(({ file }) => file === path),
    )
  const elsewhere = found.filter(({ file }) => !paths.includes(file))
  assert.deepEqual(show(folder, elsewhere), [], "errors outside the programs")
  for (const one of cases) {
    const errors = errorsOf(join(folder, pathOf(one, "ours")))
    const label = `${one.form} import, ${one.name}, ${one.format}`
    if (one.allowed) assert.deepEqual(errors, [], label)
    else assert.ok(errors.length > 0, `${label}: compiles, though the table says that it cannot`)
  }
  for (const one of comparable) assert.deepEqual(errorsOf(join(folder, pathOf(one, "theirs"))), [], "npm pusher")
}

/** Reads the programs of drop-in/, whose import is a default import. */
function readDropIns() {
  const read = (name) => readFileSync(join(import.meta.dirname, `drop-in/${name}.ts`), "utf8")
  return { peer: read("peer"), classes: read("classes") }
}

/** Reads the TypeScript example of npm `pusher`, as it is but for its import and a variable that may be missing. */
function readExample() {
  const text = readFileSync(join(folder, "node_modules/pusher/examples/typescript/main.ts"), "utf8")
  const changed = text
    .replace('import * as Pusher from "pusher"', 'import Pusher from "pusher-http-wasm"')
    .replace("process.env.PUSHER_URL,", "process.env.PUSHER_URL!,")
  assert.match(changed, /^import Pusher from "pusher-http-wasm"$/m)
  assert.match(changed, /PUSHER_URL!,/)
  return changed
}

/** Reads the names that npm `pusher` exports, each with what it is. */
function readExportedNames() {
  const ts = typescript
  const file = join(folder, "node_modules/pusher/index.d.ts")
  const program = ts.createProgram([file], { types: [] })
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file))
  return checker.getExportsOfModule(module).flatMap((symbol) => {
    const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const isInterface = (flags & ts.SymbolFlags.Interface) !== 0
    const isType = (flags & ts.SymbolFlags.Type) !== 0 || symbol.name === "Response"
    const isValue = (flags & ts.SymbolFlags.Value) !== 0 && symbol.name !== "Response"
    return symbol.name === "prototype" ? [] : [{ name: symbol.name, isInterface, isType, isValue }]
  })
}

/** Writes a program that uses each name as a type, as a value, and as what an interface extends. */
function useAllNames() {
  const lines = names.flatMap(({ name, isInterface, isType, isValue }) => [
    ...(isType ? [`type ${name}Type = Pusher.${name}`] : []),
    ...(isInterface ? [`interface ${name}More extends Pusher.${name} {}`] : []),
    ...(isValue ? [`const ${name}Value = Pusher.${name}`] : []),
  ])
  return ['import Pusher from "pusher-http-wasm"', ...lines, ""].join("\n")
}

/** Imports what a program uses of the namespace by name. */
function importByName(text, isVerbatim) {
  const used = names.filter(({ name }) => new RegExp(`\\bPusher\\.${name}\\b`).test(text))
  const list = used.map(({ name, isValue }) => (isVerbatim && !isValue ? `type ${name}` : name))
  const isDefaultUsed = /\bPusher\b/.test(used.reduce((rest, { name }) => rest.replaceAll(`Pusher.${name}`, ""), text))
  assert.ok(isDefaultUsed)
  return text
    .replace("import Pusher from", `import Pusher, { ${list.join(", ")} } from`)
    .replace(/\bPusher\.(\w+)/g, (whole, name) => (used.some((one) => one.name === name) ? name : whole))
}
