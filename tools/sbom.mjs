// Makes the package's bill of materials, CycloneDX 1.6: the tarball, the crates compiled into its module with their checksums, and the tools
// that compiled them. The same tarball and commit give the same bytes.
//
// By hand, not with cargo-cyclonedx (0.5.9), which describes the crate: it knows neither the npm package nor the standard library in the module,
// and counts macros, which only run in the build. The test compares this with the schema, by CycloneDX's own library.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"

import { readCrates, readLibraryLock, rustLibrary } from "./crates.mjs"

const root = resolve(import.meta.dirname, "..")
const output = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: "utf8" }).trim()
const readJson = (...path) => JSON.parse(readFileSync(join(...path), "utf8"))
const digest = (algorithm, bytes) => createHash(algorithm).update(bytes).digest("hex")

/** Returns when the commit was made, so that the same commit gives the same bytes; in a copy without git, the epoch. */
const commitTime = () => {
  try {
    return new Date(output("git", "log", "-1", "--format=%cI"))
  } catch {
    return new Date(0)
  }
}

/**
 * Makes the bill of a tarball.
 * @param {{ tarball: string, manifest: Record<string, any> }} packed the path of the tarball, and its package.json
 */
export const makeSbom = ({ tarball, manifest }) => {
  const bytes = readFileSync(tarball)
  const purl = `pkg:npm/${manifest.name}@${manifest.version}`
  const { own, others } = readCrates()
  const library = readLibrary()
  const references = new Map([own, ...others].map((crate) => [`${crate.name} ${crate.version}`, crateUrl(crate)]))
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${makeUuid(bytes)}`,
    version: 1,
    metadata: {
      // When it was committed: the time of the build would be another each time.
      timestamp: commitTime().toISOString(),
      lifecycles: [{ phase: "build" }],
      tools: { components: readTools() },
      component: {
        type: "library",
        "bom-ref": purl,
        name: manifest.name,
        version: manifest.version,
        description: manifest.description,
        hashes: [
          { alg: "SHA-256", content: digest("sha256", bytes) },
          { alg: "SHA-512", content: digest("sha512", bytes) },
        ],
        licenses: [{ expression: manifest.license }],
        purl,
        ...linkRepository(manifest.repository?.url),
        properties: [{ name: "tarball", value: basename(tarball) }],
      },
    },
    components: [own, ...others].map(describeCrate).concat(library),
    dependencies: [
      { ref: purl, dependsOn: [crateUrl(own)] },
      ...[own, ...others].map((crate) => ({
        ref: crateUrl(crate),
        dependsOn: [...crate.dependencies.map((name) => references.get(name)), ...library.slice(0, 1).map(toReference)],
      })),
      { ref: toReference(library[0]), dependsOn: library.slice(1).map(toReference) },
      ...library.slice(1).map((part) => ({ ref: toReference(part), dependsOn: [] })),
    ],
  }
}

const crateUrl = ({ name, version }) => `pkg:cargo/${name}@${version}`
const toReference = (component) => component["bom-ref"]
const linkRepository = (url) => (url ? { externalReferences: [{ type: "vcs", url }] } : {})

const describeCrate = (crate) => ({
  type: "library",
  "bom-ref": crateUrl(crate),
  name: crate.name,
  version: crate.version,
  scope: "required",
  // Of the archive on crates.io. Our own crate is built from this repository.
  ...(crate.checksum ? { hashes: [{ alg: "SHA-256", content: crate.checksum }] } : {}),
  licenses: [{ expression: crate.license }],
  purl: crateUrl(crate),
  ...linkRepository(crate.repository),
})

/** Describes the standard library, first, and its parts: what is no crate of crates.io has the compiler's version. */
function readLibrary() {
  const compiler = output("rustc", "--version").split(" ")[1]
  const locked = new Map(readLibraryLock().map((crate) => [crate.name, crate]))
  return rustLibrary.map((part) => {
    const { name, title, license, repository } = part
    const crate = locked.get(name)
    if (crate) return { ...describeCrate({ ...part, ...crate }), "bom-ref": `rust-library/${name}`, description: title }
    return {
      type: "library",
      "bom-ref": `rust-library/${name}`,
      name,
      version: compiler,
      description: title,
      scope: "required",
      licenses: [{ expression: license }],
      purl: `pkg:generic/${name}@${compiler}?vcs_url=${encodeURIComponent(`git+${repository}`)}`,
      ...linkRepository(repository),
    }
  })
}

/** Describes what compiled, optimised and bundled. */
function readTools() {
  const { devDependencies } = readJson(root, "tools/package.json")
  const cargoTool = (name) => ({ type: "application", name, version: output(name, "--version").split(" ")[1] })
  const npmTool = (name) => ({
    type: "application",
    name,
    version: devDependencies[name],
    purl: `pkg:npm/${name}@${devDependencies[name]}`,
  })
  return [...["rustc", "wasm-pack", "wasm-bindgen"].map(cargoTool), ...["binaryen", "esbuild"].map(npmTool)]
}

/** Makes a UUID (version 8, of RFC 9562) out of a file: the same file has the same. */
function makeUuid(bytes) {
  const digits = digest("sha256", bytes)
  const variant = "89ab"[Number.parseInt(digits[16], 16) % 4]
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`]
  return [...parts, variant + digits.slice(17, 20), digits.slice(20, 32)].join("-")
}
