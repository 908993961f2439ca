// tools/setup.sh on a machine without any tools: which it fetches, refuses, and builds instead. Rust's tools are stand-ins that record how
// they are called, and GitHub is a server on this machine.
import assert from "node:assert/strict"
import { execFileSync, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { text } from "node:stream/consumers"
import { test } from "node:test"

const root = join(import.meta.dirname, "../..")
const [, bindgenVersion] = /name = "wasm-bindgen"\nversion = "(.+)"/.exec(
  readFileSync(join(root, "Cargo.lock"), "utf8"),
)
const [, packVersion] = /^wasm_pack_version=(.+)$/m.exec(readFileSync(join(root, "tools/setup.sh"), "utf8"))
const bindgenHome = `wasm-bindgen-cli-${bindgenVersion}`
const packHome = `wasm-pack-${packVersion}`

const targets = {
  "linux x64": "x86_64-unknown-linux-musl",
  "linux arm64": "aarch64-unknown-linux-musl",
  "darwin x64": "x86_64-apple-darwin",
  "darwin arm64": "aarch64-apple-darwin",
}
const target = targets[`${process.platform} ${process.arch}`]
const skip = target === undefined && "nothing is fetched for such a machine"

const bindgenArchive = `wasm-bindgen-${bindgenVersion}-${target}.tar.gz`
const packArchive = `wasm-pack-v${packVersion}-${target}.tar.gz`
const bindgenPath = `/wasm-bindgen/wasm-bindgen/releases/download/${bindgenVersion}/${bindgenArchive}`
const packPath = `/wasm-bindgen/wasm-pack/releases/download/v${packVersion}/${packArchive}`
const packRelease = `/repos/wasm-bindgen/wasm-pack/releases/tags/v${packVersion}`

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex")

function writeProgram(path, script) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

/** Returns an archive as the projects publish them: programs and a README in a folder. */
function makeArchive(folder, version, names) {
  for (const name of names) writeProgram(join(folder, name), `echo "${name} ${version}"`)
  writeFileSync(join(folder, "README.md"), "fetched\n")
  return execFileSync("tar", ["-czf", "-", "-C", dirname(folder), folder.slice(dirname(folder).length + 1)])
}

/** Makes a checkout, a cache and a PATH of their own, with a server that publishes both tools. */
async function prepare(t) {
  const folder = mkdtempSync(join(tmpdir(), "pusher-http-wasm-setup-"))
  const at = (...path) => join(folder, ...path)
  t.after(() => rmSync(folder, { recursive: true, force: true }))

  for (const file of readdirSync(join(root, "tools"))) {
    if (/\.(sh|sha256)$/.test(file)) cpSync(join(root, "tools", file), at("checkout/tools", file))
  }
  cpSync(join(root, "Cargo.lock"), at("checkout/Cargo.lock"))

  writeProgram(at("bin/cc"), "")
  writeProgram(
    at("bin/rustc"),
    `case "$*" in --version) echo "rustc 1.95.0" ;; *target-libdir*) echo "${at("lib")}" ;; *) echo "${at("sysroot")}" ;; esac`,
  )
  // `cargo install CRATE --version =VERSION --root ROOT …`
  writeProgram(
    at("bin/cargo"),
    `[ "$1" = install ] || exit 0
echo "$2" >>"${at("built")}"
mkdir -p "$6/bin"
case $2 in wasm-pack) names=wasm-pack ;; *) names="wasm-bindgen wasm-bindgen-test-runner" ;; esac
for name in $names; do printf '#!/bin/sh\\necho "%s %s"\\n' "$name" "\${4#=}" >"$6/bin/$name"; chmod +x "$6/bin/$name"; done`,
  )
  for (const name of ["cargo-clippy", "rustfmt"]) writeProgram(at("sysroot/bin", name), "")
  for (const file of ["lib/libstd-1.rlib", "sysroot/lib/rustlib/src/rust/library/std/Cargo.toml"]) {
    mkdirSync(dirname(at(file)), { recursive: true })
    writeFileSync(at(file), "")
  }

  const names = ["wasm-bindgen", "wasm-bindgen-test-runner", "wasm2es6js"]
  const bindgen = makeArchive(at("archives", bindgenArchive.replace(".tar.gz", "")), bindgenVersion, names)
  const pack = makeArchive(at("archives", packArchive.replace(".tar.gz", "")), packVersion, ["wasm-pack"])
  const assets = [{ name: "wasm-pack-init.exe" }, { name: packArchive, digest: `sha256:${sha256(pack)}` }]
  const published = {
    [bindgenPath]: bindgen,
    [`${bindgenPath}.sha256sum`]: `${sha256(bindgen)}  gh-release/${bindgenArchive}\n`,
    [packPath]: pack,
    [packRelease]: JSON.stringify({ assets }),
  }
  const requests = []
  const server = createServer(({ url }, response) => {
    requests.push(url)
    const content = published[url]
    if (content === "hang") return
    response.writeHead(content === undefined ? 404 : 200).end(content)
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })

  const start = (github = `http://127.0.0.1:${server.address().port}`, more = {}) =>
    spawn("bash", [at("checkout/tools/setup.sh"), "--only", "rust"], {
      env: {
        PATH: [at("bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
        HOME: folder,
        PUSHER_HTTP_WASM_CACHE: at("cache"),
        PUSHER_HTTP_WASM_GITHUB: github,
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    })
  /** Runs the set-up. Resolves to its output, the crates that it built and the paths that it requested. */
  const setUp = async (github, more, expectedCode = 0) => {
    const before = requests.length
    rmSync(at("built"), { force: true })
    const child = start(github, more)
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
    assert.equal(code, expectedCode, stdout + stderr)
    const built = existsSync(at("built")) ? readFileSync(at("built"), "utf8").trim().split("\n") : []
    return { built, requests: requests.slice(before), output: stdout + stderr }
  }
  return { at, published, requests, server, start, setUp }
}

const isFetched = (at, home) => existsSync(at("cache", home, "bin")) && !existsSync(at("cache", home, "unpacked"))

test("fetches both tools, by the checksums published beside them, and only once", { skip }, async (t) => {
  const { at, setUp } = await prepare(t)
  const first = await setUp()
  assert.deepEqual(first.built, [])
  assert.deepEqual(first.requests, [
    bindgenPath,
    `${bindgenPath}.sha256sum`,
    packPath,
    `${packPath}.sha256sum`,
    packRelease,
  ])
  assert.deepEqual(readdirSync(at("cache", bindgenHome, "bin")).sort(), [
    "wasm-bindgen",
    "wasm-bindgen-test-runner",
    "wasm2es6js",
  ])
  assert.ok(isFetched(at, packHome))
  assert.match(
    readFileSync(at("checkout/target/env.sh"), "utf8"),
    new RegExp(`${bindgenHome}/bin:.*${packHome}/bin:.*/tools/node_modules/.bin:.*/js-tests/node_modules/.bin:`),
  )
  const second = await setUp()
  assert.deepEqual({ built: second.built, requests: second.requests }, { built: [], requests: [] })
})

test("refuses an archive with another checksum, and builds the tools instead", { skip }, async (t) => {
  const { at, published, setUp } = await prepare(t)
  published[`${bindgenPath}.sha256sum`] = `${sha256("another")}  gh-release/${bindgenArchive}\n`
  const { built, output } = await setUp()
  assert.match(output, new RegExp(`${bindgenArchive} has the checksum [0-9a-f]{64} instead of ${sha256("another")}`))
  assert.deepEqual(built, ["wasm-bindgen-cli", "wasm-pack"])
  assert.deepEqual(readdirSync(at("cache", bindgenHome, "bin")), ["wasm-bindgen", "wasm-bindgen-test-runner"])
})

test("refuses an archive without a checksum", { skip }, async (t) => {
  const { published, setUp } = await prepare(t)
  published[packRelease] = JSON.stringify({ assets: [{ name: packArchive }] })
  const { built, output } = await setUp()
  assert.match(output, /has no checksum to compare with/)
  assert.deepEqual(built, ["wasm-pack"])
})

test("lets a checksum of this repository take precedence over the published one", { skip }, async (t) => {
  const { at, published, setUp } = await prepare(t)
  const pins = at("checkout/tools/fetched.sha256")
  appendFileSync(pins, `${sha256(published[bindgenPath])}  ${bindgenArchive}\n${sha256("pinned")}  ${packArchive}\n`)
  const { built, requests, output } = await setUp()
  assert.deepEqual(requests, [bindgenPath, packPath])
  assert.match(output, new RegExp(`instead of ${sha256("pinned")}`))
  assert.deepEqual(built, ["wasm-pack"])
})

test("takes only what this repository has a checksum of, if told to", { skip }, async (t) => {
  const { at, published, setUp } = await prepare(t)
  const pinned = { PUSHER_HTTP_WASM_PINNED: "1" }
  appendFileSync(at("checkout/tools/fetched.sha256"), `${sha256(published[bindgenPath])}  ${bindgenArchive}\n`)
  const { built, requests, output } = await setUp(undefined, pinned)
  assert.deepEqual(requests, [bindgenPath])
  assert.match(output, new RegExp(`${packArchive} has no checksum in tools/fetched.sha256`))
  assert.deepEqual(built, ["wasm-pack"])

  // Nor does it resolve anew what the tool's authors have locked.
  rmSync(at("cache", packHome), { recursive: true })
  const cargo = readFileSync(at("bin/cargo"), "utf8")
  writeFileSync(at("bin/cargo"), cargo.replace("#!/bin/sh\n", '#!/bin/sh\ncase "$*" in *--locked*) exit 101 ;; esac\n'))
  const refused = await setUp(undefined, pinned, 1)
  assert.deepEqual(refused.built, [])
  assert.match(refused.output, /wasm-pack .* could not be built/)
  assert.deepEqual((await setUp()).built, ["wasm-pack"])
})

test("builds the tools if GitHub is out of reach, and tries to fetch again only after a day", { skip }, async (t) => {
  const { at, setUp } = await prepare(t)
  const forget = () => {
    for (const home of [bindgenHome, packHome]) rmSync(at("cache", home), { recursive: true })
  }
  const unreached = await setUp("http://127.0.0.1:1")
  assert.deepEqual(unreached.built, ["wasm-bindgen-cli", "wasm-pack"])
  forget()
  const sameDay = await setUp()
  assert.deepEqual(
    { built: sameDay.built, requests: sameDay.requests },
    { built: ["wasm-bindgen-cli", "wasm-pack"], requests: [] },
  )
  forget()
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60
  utimesSync(at("cache/fetch-failed"), twoDaysAgo, twoDaysAgo)
  assert.deepEqual((await setUp()).built, [])
})

test("leaves nothing unfinished if it is killed while it fetches", { skip }, async (t) => {
  const { at, published, requests, server, start, setUp } = await prepare(t)
  const archive = published[bindgenPath]
  published[bindgenPath] = "hang"
  const child = start()
  await once(server, "request")
  process.kill(-child.pid, "SIGKILL")
  await once(child, "close")
  assert.deepEqual(requests, [bindgenPath])
  assert.ok(!existsSync(at("cache", bindgenHome)))
  published[bindgenPath] = archive
  assert.deepEqual((await setUp()).built, [])
  assert.deepEqual(readdirSync(at("cache")).sort(), ["lock", bindgenHome, packHome].sort())
})
