// Runs the tests that examples have of their own, as a user would: they pass, and say what is wrong when the example is broken.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { serve } from "../packaging/projects.mjs"
import { installTools } from "../packaging/tools.mjs"
import { installPacked } from "../support/packed.mjs"
import { copyExample } from "./projects.mjs"

let installed
before(async () => {
  installed = await installPacked({ also: ["pusher-js", "ws"] })
  const modules = join(installed.folder, "node_modules")
  await symlink(join(await installTools("vitest"), "vitest"), join(modules, "vitest"), "dir")
  await symlink("../vitest/vitest.mjs", join(modules, ".bin/vitest"))
  await symlink(join(await installTools("frameworks"), "hono"), join(modules, "hono"), "dir")
})
after(() => installed?.remove())

/** Runs `npm test` in a folder. */
const runTests = (folder) => {
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const options = { cwd: folder, encoding: "utf8", env: { ...env, NO_COLOR: "1", CI: "1" } }
  const { status, stdout, stderr, error } = spawnSync("npm", ["test"], options)
  if (error) throw error
  return { status, output: stdout + stderr }
}

const chatBroken = {
  change: ['"presence-chat", "message", { text }', '"presence-chat", "message", { message: text }'],
  shows: [
    'expected: { channel: "presence-chat", event: "message", data: {"text":"Hello"} }',
    'nearest:  { channel: "presence-chat", event: "message", data: {"message":"Hello"} }',
    'data.text: expected "Hello", was nothing',
  ],
}

/**
 * `passed` is what the runner says of all tests, and `failed` of those of an example that is broken by a change of `file`; `shows` are lines
 * of what it says then.
 */
const EXAMPLES = {
  "vitest-local": {
    passed: /Tests +13 passed \(13\)/,
    file: "shop.js",
    change: ['"paid", { order, sum }', '"paid", { order, amount: sum }'],
    failed: /Tests +2 failed \| 11 passed \(13\)/,
    shows: [
      'expected: { channel: "private-customer-ada", event: "paid", data: {"order":7,"sum":12.5} }',
      'nearest:  { channel: "private-customer-ada", event: "paid", data: {"order":7,"amount":12.5} }',
      "data.sum: expected 12.5, was nothing",
      "data.amount: expected nothing, was 12.5",
      // Of the test with pusher-js.
      '+   "amount": 12.5,',
      '-   "sum": 12.5,',
    ],
  },
  "node-http": { passed: /^. pass 7$/m, file: "channels.js", failed: /^. fail 1$/m, ...chatBroken },
  hono: { passed: /^. pass 8$/m, file: "worker.js", failed: /^. fail 1$/m, ...chatBroken },
}

for (const [name, { passed, file, change, failed, shows }] of Object.entries(EXAMPLES)) {
  test(`examples/${name}`, async (t) => {
    const folder = await copyExample(name, installed.folder)

    await t.test("its tests pass", () => {
      const { status, output } = runTests(folder)
      assert.equal(status, 0, output)
      assert.match(output, passed)
    })

    await t.test("its tests show what is wrong with another event", async () => {
      const path = join(folder, file)
      const code = await readFile(path, "utf8")
      assert.ok(code.includes(change[0]))
      await writeFile(path, code.replace(...change))
      const { status, output } = runTests(folder)
      assert.notEqual(status, 0, output)
      assert.match(output, failed)
      const lines = output.split("\n").map((line) => line.trim())
      for (const line of shows) assert.ok(lines.includes(line), `${line}\nis not in\n${output}`)
    })
  })
}

test("the shop of examples/vitest-local starts", async (t) => {
  const channels = await startLocalChannels()
  t.after(() => channels.close())
  const server = await serve("npm", ["start"], {
    cwd: await copyExample("vitest-local", installed.folder),
    env: { ...channels.env, PORT: "0" },
    ready: /(http:\/\/127\.0\.0\.1:[1-9]\d*)/,
  })
  t.after(() => server.stop())
  const body = JSON.stringify({ order: 7, customer: "ada", sum: 12.5 })
  const response = await fetch(`${server.match[1]}/payments`, { method: "POST", body })
  assert.deepEqual(await response.json(), { told: "mailed" })
  assert.equal((await fetch(`${server.match[1]}/payments`)).status, 404)
})
