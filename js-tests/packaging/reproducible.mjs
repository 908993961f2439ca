// Builds the package twice from the same sources, in folders of different depth, each with a target folder of its own: the same
// bytes have to come out. Takes a minute or two a build, so it is not part of `make test`.
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
  if (differing.length > 0) console.error(`\n✗ not the same in both builds: ${differing.join(", ")}`)
  console.log(`${Object.keys(one).length - differing.length} passed, ${differing.length} failed`)
  process.exitCode = differing.length > 0 ? 1 : 0
} finally {
  rmSync(base, { recursive: true, force: true })
}

/** Builds what git has of this tree, changes included, in another folder; the hashes of the files of its pkg/. */
function build(folder) {
  console.log(`==> building in ${folder}`)
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
  // What is deleted and not committed yet is listed, but not there.
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
  const hash = (file) =>
    createHash("sha256")
      .update(readFileSync(join(pkg, file)))
      .digest("hex")
  return Object.fromEntries(
    readdirSync(pkg)
      .sort()
      .map((file) => [file, hash(file)]),
  )
}
