// Scripts that the host interrupts in the middle of a call, as servers do that run their users' code with a time-out: the library goes on as
// if nothing had been. Source: "a `vm` time-out" in found.md. Not in the suite, for Workers and browsers have no node:vm.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cpSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, before, describe, test } from "node:test"

import { operations } from "../suite/whole/operations.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { installSuite } from "../support/runtimes.mjs"

const runtimes = {
  Node: [process.execPath],
  Deno: [bin("deno"), "run", "--quiet", "--no-prompt", "--no-remote", "--node-modules-dir=manual"],
  Bun: [bin("bun"), "run"],
}

let installed
before(async () => {
  installed = await installPacked()
  installSuite(installed.folder)
  cpSync(join(import.meta.dirname, "interruption"), join(installed.folder, "js-tests/interruption"), {
    recursive: true,
  })
})
after(() => installed?.remove())

/** Resolves to what was wrong with each operation. */
async function interrupt([command, ...args]) {
  const child = spawn(command, [...args, "js-tests/interruption/interrupt.mjs"], {
    cwd: installed.folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout.trim().split("\n").at(-1))
}

for (const [runtime, command] of Object.entries(runtimes)) {
  describe(`in ${runtime}, an interruption leaves all as it was`, () => {
    let wrong
    before(async () => {
      wrong = await interrupt(command)
    })
    for (const name of Object.keys(operations)) test(`during ${name}`, () => assert.deepEqual(wrong[name], []))
  })
}
