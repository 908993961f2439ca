// No nonce is used twice under one master key: not by processes, forks, workers of a cluster or threads that begin at the same moment, nor by what
// is made from a snapshot. Source: SECURITY.md.
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { copyFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, test } from "node:test"
import { promisify } from "node:util"

import { installPacked } from "../support/packed.mjs"

const run = promisify(execFile)
const { folder, remove } = await installPacked()
after(remove)
const program = join(folder, "nonces-program.cjs")
await copyFile(join(import.meta.dirname, "nonces-program.cjs"), program)

const COUNT = 500
const CHILDREN = 4

for (const mode of ["thread", "fork", "cluster"]) {
  test(`no nonce is used twice by a process and each ${mode} of it`, async () => {
    const args = [program, mode, String(COUNT), String(CHILDREN)]
    const { stdout } = await run(process.execPath, args, { timeout: 60_000, maxBuffer: 2 ** 24 })
    const lists = JSON.parse(stdout)
    assert.deepEqual(
      lists.map(({ length }) => length),
      Array.from({ length: CHILDREN + 2 }, () => COUNT),
    )
    const all = lists.flat()
    assert.equal(new Set(all).size, all.length)
    for (const nonce of all) assert.equal(Buffer.from(nonce, "base64").length, 24)
  })
}

test("a start-up snapshot of Node cannot hold the package, which says so", async () => {
  // Node makes snapshots without WebAssembly. A whole machine that is cloned: js-tests/suite/encryption.mjs.
  const entry = join(folder, "snapshot.cjs")
  const source = join(folder, "node_modules/pusher-http-wasm/index.cjs")
  await writeFile(
    entry,
    `const { readFileSync } = require("node:fs")
    const module_ = { exports: {} }
    try {
      new Function("module", "exports", "require", readFileSync(${JSON.stringify(source)}, "utf8"))(module_, module_.exports, require)
      console.log("loaded")
    } catch (error) {
      console.log(error.message)
    }`,
  )
  const args = ["--snapshot-blob", join(folder, "snapshot.blob"), "--build-snapshot", entry]
  const { stdout } = await run(process.execPath, args, { timeout: 60_000 })
  assert.equal(stdout.trim(), "pusher-http-wasm needs WebAssembly, which --jitless and lockdown mode turn off")
})
