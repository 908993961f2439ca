// The package as Deno's registry JSR takes it.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"

import { makeJsrPackage, NAME } from "../../tools/jsr.mjs"
import { bin } from "../support/packages.mjs"

describe("the package for JSR", () => {
  let workspace, folder
  const writeProgram = (name, program) => {
    const user = join(workspace, "user")
    mkdirSync(user, { recursive: true })
    writeFileSync(join(user, "deno.json"), JSON.stringify({ name: "@test/user", exports: `./${name}` }))
    writeFileSync(join(user, name), program)
  }
  before(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), "pusher-http-wasm-jsr-")))
    folder = join(workspace, "package")
    makeJsrPackage(folder)
    writeProgram("empty.ts", "")
    writeFileSync(join(workspace, "deno.json"), JSON.stringify({ workspace: ["./package", "./user"] }))
  })
  after(() => rmSync(workspace, { recursive: true, force: true }))

  const deno = (cwd, ...args) => {
    const { status, stdout, stderr } = spawnSync(bin("deno"), args, {
      cwd,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    })
    return { status, stdout, stderr }
  }

  test("passes JSR's checks, with no other warning than is known", () => {
    const { status, stderr } = deno(folder, "publish", "--dry-run", "--allow-dirty")
    assert.equal(status, 0, stderr)
    assert.match(stderr, /Dry run complete/)
    // The embedded server looks for `ws` where it runs.
    const warnings = [...stderr.matchAll(/\b(?:warning|error)\[([\w-]+)\]/g)].map(([, name]) => name)
    assert.deepEqual(warnings, ["unanalyzable-dynamic-import"])
  })

  test("names the licences of what is compiled into its module", () => {
    const { status, stderr } = deno(folder, "publish", "--dry-run", "--allow-dirty")
    assert.equal(status, 0, stderr)
    assert.match(stderr, /\/THIRD-PARTY-LICENSES\.txt \(/)
    assert.deepEqual(
      readFileSync(join(folder, "THIRD-PARTY-LICENSES.txt")),
      readFileSync(join(import.meta.dirname, "../../pkg/THIRD-PARTY-LICENSES.txt")),
    )
  })

  test("has the version and the types of the package for npm", () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../pkg/package.json"), "utf8"))
    assert.equal(JSON.parse(readFileSync(join(folder, "deno.json"), "utf8")).version, version)
    writeProgram(
      "wrong.ts",
      `import Pusher from "${NAME}"\nconst key: number = new Pusher({ appId: "1" }).config\nconsole.log(key)\n`,
    )
    const { status, stderr } = deno(join(workspace, "user"), "check", "wrong.ts")
    assert.equal(status, 1)
    assert.match(stderr, /TS2322/)
  })

  test("works in Deno by its name, subpaths with the same class", () => {
    writeProgram(
      "program.ts",
      `import Pusher from "${NAME}"
import { Beams } from "${NAME}/beams"
import { channelAuthHandler } from "${NAME}/handlers"
import { nodeHandler } from "${NAME}/node"

const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu" })
const handler = channelAuthHandler(pusher, () => true)
const body = new URLSearchParams({ socket_id: "1.2", channel_name: "private-a" })
const answer = await handler(new Request("http://localhost/", { method: "POST", body }))
const same = (await answer.json()).auth === pusher.authorizeChannel("1.2", "private-a").auth
console.log(answer.status, same, typeof nodeHandler, new Beams({ instanceId: "a", secretKey: "b" }).instanceId)
`,
    )
    const { status, stdout, stderr } = deno(join(workspace, "user"), "run", "--check", "--no-remote", "program.ts")
    assert.equal(status, 0, stderr)
    assert.equal(stdout, "200 true function a\n")
  })
})
