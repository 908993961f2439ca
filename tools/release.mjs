// Makes a release up to the publishing: checks that the tree is ready, builds, tests, packs, and prints the remaining steps.
//
//   make release                 SKIP_TESTS=1 make release
//
// npm takes a statement of provenance only for a package that names the repository it was built from: REPOSITORY_URL, or GitHub's own variables
// (tools/repository.mjs).
import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"

import { makeJsrPackage } from "./jsr.mjs"
import { makeSbom } from "./sbom.mjs"

const root = resolve(import.meta.dirname, "..")
const pkg = join(root, "pkg")
const packed = join(root, "target/npm")
const packedForJsr = join(root, "target/jsr")
const bills = join(root, "target/sbom")

const run = (command, args) => execFileSync(command, args, { cwd: root, stdio: "inherit" })
const output = (command, args, cwd = root) => execFileSync(command, args, { cwd, encoding: "utf8" }).trim()
const say = (text) => console.log(`\n==> ${text}`)

class NotReady extends Error {}

try {
  const version = crateVersion()
  checkTree()
  checkTag(version)
  checkChangelog(version)
  build()
  const tarball = pack(version)
  writeSbom(version, tarball)
  makeJsrPackage(packedForJsr)
  listCrate(version)
  tellTheRest(version, tarball)
} catch (error) {
  if (!(error instanceof NotReady)) throw error
  console.error(`\nerror: ${error.message}`)
  process.exitCode = 1
}

function crateVersion() {
  const { packages } = JSON.parse(output("cargo", ["metadata", "--format-version=1", "--no-deps", "--offline"]))
  return packages[0].version
}

function checkTree() {
  const changes = output("git", ["status", "--porcelain"])
  if (changes !== "")
    throw new NotReady(`the tree has changes that are not committed:\n${changes}\nCommit or remove them first.`)
}

function checkTag(version) {
  const { GITHUB_REF_TYPE, GITHUB_REF_NAME } = process.env
  if (GITHUB_REF_TYPE === "tag") {
    if (GITHUB_REF_NAME === `v${version}`) return
    throw new NotReady(`the tag is ${GITHUB_REF_NAME}, but Cargo.toml has version ${version}: they must agree`)
  }
  const commit =
    output("git", ["tag", "--list", `v${version}`]) && output("git", ["rev-list", "-n", "1", `v${version}`])
  if (commit && commit !== output("git", ["rev-parse", "HEAD"])) {
    throw new NotReady(`v${version} is another commit already: raise the version in Cargo.toml`)
  }
}

function checkChangelog(version) {
  const sections = readFileSync(join(root, "CHANGELOG.md"), "utf8").split(/^## /m).slice(1)
  const section = sections.find((text) => [version, `[${version}]`].includes(text.split(/\s/, 1)[0]))
  if (section === undefined) {
    throw new NotReady(
      `CHANGELOG.md has no section "## ${version}": give what is under "Unreleased" that heading, and the date`,
    )
  }
  if (section.split("\n").slice(1).join("").trim() === "")
    throw new NotReady(`CHANGELOG.md says nothing about ${version}`)
}

function build() {
  say("building")
  // Anew: what is there may have been built without the repository's address.
  rmSync(pkg, { recursive: true, force: true })
  run("make", ["build"])
  if (process.env.SKIP_TESTS === "1") return say("tests left out, as SKIP_TESTS says")
  say("testing")
  run("make", ["test", "test-reproducible"])
}

function pack(version) {
  rmSync(packed, { recursive: true, force: true })
  mkdirSync(packed, { recursive: true })
  const answer = JSON.parse(output("npm", ["pack", pkg, "--ignore-scripts", "--json", "--pack-destination", packed]))
  const [{ name, version: built, files, size, unpackedSize, integrity }] = Object.values(answer)
  if (built !== version)
    throw new NotReady(`pkg/ is ${built}, but Cargo.toml has version ${version}: remove pkg/ and try again`)
  say(`${name}@${version}`)
  for (const { path, size } of files) console.log(`${String(size).padStart(9)}  ${path}`)
  const [file] = readdirSync(packed)
  const tarball = join(relative(root, packed), file)
  console.log(`\ntarball    ${tarball}\nsize       ${size} bytes, ${unpackedSize} unpacked\nintegrity  ${integrity}`)
  return tarball
}

/** Writes the tarball's bill of materials: what is compiled into the module, by whom, under which licence. */
function writeSbom(version, tarball) {
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"))
  const bill = makeSbom({ tarball: join(root, tarball), manifest })
  rmSync(bills, { recursive: true, force: true })
  mkdirSync(bills, { recursive: true })
  const file = join(bills, `pusher-http-wasm-${version}.cdx.json`)
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`)
  console.log(`bill       ${relative(root, file)}: ${bill.components.length} components`)
}

function listCrate(version) {
  say(`crate pusher-http-wasm ${version}`)
  try {
    console.log(output("cargo", ["package", "--list", "--locked", "--offline"]))
  } catch {
    throw new NotReady("cargo would not pack the crate (its own message is above)")
  }
}

function tellTheRest(version, tarball) {
  say(`stopping before publishing: nothing has left this machine. The remaining steps: push the tag,

  git tag v${version} && git push origin v${version}

for which .github/workflows/release.yml runs, where npm can state the provenance (not on a machine of your own):

  npm publish --provenance --access public ./${tarball}
  cargo publish --locked
  (cd ${relative(root, packedForJsr)} && deno publish)`)
}
