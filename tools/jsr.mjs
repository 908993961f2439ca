// Makes the package for JSR (https://jsr.io), Deno's registry, out of pkg/: the same bundles and the same types, in target/jsr/.
//
//   node tools/jsr.mjs [FOLDER]
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, posix, resolve } from "node:path"
import { fileURLToPath } from "node:url"

import { subpaths } from "../pkg-template/entries/entries.mjs"
import { LICENCES_FILE } from "./licences.mjs"

const root = resolve(import.meta.dirname, "..")
const pkg = join(root, "pkg")

/** JSR has scopes only. */
export const NAME = "@pusher-http-wasm/pusher-http-wasm"

/** JSR takes no global declarations, and this one is for compilers that know no `Symbol.dispose`, which Deno's does. */
const GLOBAL = /^declare global \{\n.*?^\}\n\n/ms

/** A type of a source file, in a comment that bundling has kept: JSR looks for the file. */
const SOURCE = /\bimport\("\.[^"]*"\)\.([A-Z]\w*)/g

/** Makes the package in a folder, which is emptied first. Needs pkg/. */
export const makeJsrPackage = (folder) => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { name, version, license } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"))
  for (const file of ["README.md", "CHANGELOG.md", "LICENSE", LICENCES_FILE])
    cpSync(join(pkg, file), join(folder, file))
  for (const { types } of subpaths) {
    // JSR reads no conditions: the module itself says where its types are.
    const code = readFileSync(join(pkg, `${types}.js`), "utf8")
    writeFileSync(join(folder, `${types}.js`), `/* @ts-self-types="./${types}.d.ts" */\n${code.replace(SOURCE, "$1")}`)
    const declarations = readFileSync(join(pkg, `${types}.d.ts`), "utf8")
    writeFileSync(join(folder, `${types}.d.ts`), declarations.replace(GLOBAL, ""))
  }
  const listed = (makeName) =>
    Object.fromEntries(subpaths.map(({ subpath, types }) => [makeName(subpath), `./${types}.js`]))
  const manifest = {
    name: NAME,
    version,
    license,
    exports: listed((subpath) => subpath),
    // What subpaths import by the package's name on npm.
    imports: listed((subpath) => posix.join(name, subpath)),
  }
  writeFileSync(join(folder, "deno.json"), `${JSON.stringify(manifest, null, 2)}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, "target/jsr"))
  makeJsrPackage(folder)
  console.log(`${folder} is ready for \`deno publish\``)
}
