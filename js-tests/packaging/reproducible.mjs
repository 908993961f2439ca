// Builds the package twice from the same sources, in folders of different depth and with separate target folders, and checks that the bytes
// are the same. Each build takes a minute or two, so this is not part of `make test`.
//
//   node js-tests/packaging/reproducible.mjs
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../..")
const base = realpathSync(mkdtempSync(join(tmpdir(), "pusher-http-wasm-reproducible-")))
try {
  const [one, other] = ["a", "a/folder of/another depth"].map((name, at) => build(join(base, String(at), name)))
  const differing = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (file) => one[file] !== other[file],
  )
  for (const [file, hash] of Object.entries(one)) console.log(`${hash}  ${file}`)
  if (differing.length > 0) console.error(`\n✗ different in the two builds: ${differing.join(", ")}`)
  console.log(`${Object.keys(one).length - differing.length} passed, ${differing.length} failed`)
  process.exitCode = differing.length > 0 ? 1 : 0
} finally {
  rmSync(base, { recursive: true, force: true })
}

/** Builds git's files of this tree, with uncommitted changes, in another folder. Returns the hashes of the files in its pkg/. */
function build(folder) {
  console.log(`==> building in ${folder}`)
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
  // Files whose deletion is not committed are listed but missing.
  for (const file of new Set(list.split("\0").filter((file) => file !== "" && existsSync(join(root, file))))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  symlinkSync(join(root, "tools/node_modules"), join(folder, "tools/node_modules"))
  // Each with its own target folder.
  const env = { ...process.env }
  delete env.CARGO_TARGET_DIR
  try {
    execFileSync(process.execPath, ["tools/build.mjs"], { cwd: folder, env, stdio: "pipe", maxBuffer: 1 << 28 })
  } catch (error) {
    console.error(`${error.stdout}${error.stderr}`)
    throw error
  }
  const pkg = join(folder, "pkg")
  const hashFile = (file) =>
    createHash("sha256")
      .update(readFileSync(join(pkg, file)))
      .digest("hex")
  return Object.fromEntries(
    readdirSync(pkg)
      .sort()
      .map((file) => [file, hashFile(file)]),
  )
}
