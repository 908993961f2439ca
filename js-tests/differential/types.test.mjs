// Compiles programs written for `pusher`'s types against both libraries.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { cpSync } from "node:fs"
import { join } from "node:path"
import { after, test } from "node:test"

import { bin } from "../../tools/packages.mjs"
import { installPacked } from "../support/packed.mjs"

const { folder, remove } = await installPacked({ also: ["pusher", "@types/node"] })
after(remove)
cpSync(join(import.meta.dirname, "../types/peer"), join(folder, "types/peer"), { recursive: true })

for (const project of ["pusher", "ours"]) {
  test(`peer.cts and peer.mts compile against the types of ${project === "ours" ? "this library" : "npm `pusher`"}`, () => {
    const tsc = bin("tsc")
    const { status, stdout } = spawnSync(tsc, [
      "--pretty",
      "false",
      "--project",
      join(folder, "types/peer", `${project}.tsconfig.json`),
    ])
    assert.equal(String(stdout), "")
    assert.equal(status, 0)
  })
}
