// A user's own tests with `pusher-http-wasm/testing`, in each runner, from the packed package; then the tests of docs/testing.md, unchanged.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"

import { readPage } from "../docs/pages.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { copyTools } from "./projects.mjs"
import { getNode } from "./runtimes/node.mjs"
import { installTools } from "./tools.mjs"

const ESM = `import Pusher from "pusher-http-wasm"
import { channelAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"
import { fakeChannels } from "pusher-http-wasm/testing"
`
const CJS = `const Pusher = require("pusher-http-wasm")
const { channelAuthHandler, webhookHandler } = require("pusher-http-wasm/handlers")
const { fakeChannels } = require("pusher-http-wasm/testing")
`

/** The tests. They pass, unless the order is one that was not paid. */
const makeBody = (paid) => `
const fake = fakeChannels()
const pusher = new Pusher({ ...fake.options, retry: false, timeout: 1000 })

test("announces what was paid", async () => {
  fake.reset()
  const customer = fake.connect("private-orders")
  await pusher.trigger("private-orders", "paid", { id: 7, sum: 5 })
  fake.expectTriggered({ channel: "private-orders", event: "paid", data: { id: ${paid}, sum: 5 } }, { times: 1 })
  if (customer.received.length !== 1) throw new Error("not received")
})

test("lets customers subscribe to their own orders", async () => {
  const handler = channelAuthHandler(pusher, ({ channel }) => channel === "private-orders")
  const answer = async (channel) => (await handler(fake.authRequest(channel))).status
  const statuses = [await answer("private-orders"), await answer("private-others")]
  if (statuses.join() !== "200,403") throw new Error(statuses.join())
})

test("hears who is there", async () => {
  fake.reset()
  const heard = []
  const handler = webhookHandler(pusher, { channel_occupied: ({ channel }) => void heard.push(channel) })
  fake.connect("presence-shop", { member: { user_id: "1" } })
  const { status } = await handler(fake.webhookRequest(fake.webhooks))
  if (status !== 200 || heard.join() !== "presence-shop") throw new Error(status + " " + heard)
})

test("says that Channels is away", async () => {
  for (const [fault, code] of [[{ status: 500, body: "away" }, "http"], [{ refuse: true }, "network"]]) {
    fake.failNext(fault)
    const error = await pusher.trigger("a", "e", 1).then(() => undefined, (error) => error)
    if (error?.code !== code) throw new Error(String(error))
  }
})
`

/** @type {Record<string, { file: string, head: string, command: () => string[], passed: RegExp }>} */
const RUNNERS = {
  "node:test": {
    file: "node.test.mjs",
    head: `import { test } from "node:test"\n${ESM}`,
    command: () => [process.execPath, "--test", "--test-reporter=tap", "node.test.mjs"],
    passed: /^# pass 4$/m,
  },
  "bun test": {
    file: "bun.test.mjs",
    head: `import { test } from "bun:test"\n${ESM}`,
    command: () => [bin("bun"), "test", "./bun.test.mjs"],
    passed: /^ *4 pass$/m,
  },
  "deno test": {
    file: "deno.test.mjs",
    head: `const { test } = Deno\n${ESM}`,
    command: () => [bin("deno"), "test", "--quiet", "--no-prompt", "--node-modules-dir=manual", "deno.test.mjs"],
    passed: /4 passed/,
  },
  jest: {
    file: "jest/jest.test.cjs",
    head: CJS,
    command: () => [
      process.execPath,
      join(jest, "jest/bin/jest.js"),
      "--rootDir=jest",
      "--config={}",
      "--testMatch=**/*.cjs",
    ],
    passed: /4 passed/,
  },
  vitest: {
    file: "vitest/vitest.test.mjs",
    head: `import { test } from "vitest"\n${ESM}`,
    command: () => [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--root=vitest"],
    passed: /4 passed/,
  },
}

let installed, jest
/** Runs a command with the package in a folder of the project. */
const runIn = (folder, [executable, ...args], more = {}) => {
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const options = { cwd: folder, encoding: "utf8", env: { ...env, NO_COLOR: "1", CI: "1", ...more } }
  const { status, stdout, stderr, error } = spawnSync(executable, args, options)
  if (error) throw error
  return { status, output: stdout + stderr }
}

before(async () => {
  installed = await installPacked()
  jest = await installTools("environment")
  const vitest = await installTools("vitest")
  for (const folder of ["jest", "vitest"]) await mkdir(join(installed.folder, folder))
  await symlink(join(vitest, "vitest"), join(installed.folder, "node_modules/vitest"), "dir")
})
after(() => installed?.remove())

for (const [name, { file, head, command, passed }] of Object.entries(RUNNERS)) {
  describe(name, () => {
    const run = async (paid) => {
      await writeFile(join(installed.folder, file), head + makeBody(paid))
      return runIn(installed.folder, command())
    }

    test("runs tests with the fake", async () => {
      const { status, output } = await run(7)
      assert.equal(status, 0, output)
      assert.match(output, passed)
    })

    test("shows what was triggered instead of what was expected, and where", async () => {
      const { status, output } = await run(8)
      assert.notEqual(status, 0, output)
      assert.match(output, /data\.id: expected 8, was 7/)
      assert.match(output, /nearest: {2}\{ channel: "private-orders", event: "paid", data: \{"id":7,"sum":5\} \}/)
      // The line of \`fake.expectTriggered\` in the file.
      const line = (head + makeBody(8)).split("\n").findIndex((text) => text.includes("fake.expectTriggered")) + 1
      assert.match(output, new RegExp(`${file.split("/").at(-1).replaceAll(".", "\\.")}:${line}:`))
    })
  })
}

describe("the tests of docs/testing.md", () => {
  const { blocks } = readPage("docs/testing.md")
  const shared = blocks.find(({ file }) => file === "orders.js")

  let project
  before(async () => {
    project = await installPacked()
    // Copied: Cloudflare's pool has to find its packages in the project.
    await copyTools("vitest", project.folder)
  })
  after(() => project?.remove())

  /** Writes the files below a folder of the page, and what they share, into a project. Broken ones send another order. */
  const writeProject = async (name, folder, isBroken) => {
    const own = blocks.filter(({ file }) => file?.startsWith(`${folder}/`))
    assert.notEqual(own.length, 0, folder)
    const root = join(project.folder, name)
    for (const { file, code } of [...own, { file: `${folder}/orders.js`, code: shared.code }]) {
      const path = join(root, file.slice(folder.length + 1))
      await mkdir(join(path, ".."), { recursive: true })
      await writeFile(path, isBroken ? code.replace('trigger("orders", ', 'trigger("others", ') : code)
    }
    await writeFile(join(root, "package.json"), '{ "type": "module" }')
    return root
  }

  const vitest = async () => [await getNode(24), join(project.folder, "node_modules/vitest/vitest.mjs"), "run"]
  const runners = {
    vitest: { folder: "vitest", command: vitest, passed: /1 passed/ },
    "Cloudflare's pool for vitest": { folder: "workers", command: vitest, passed: /1 passed/ },
    "jest, ES modules": {
      folder: "jest",
      command: () => [process.execPath, "--experimental-vm-modules", join(jest, "jest/bin/jest.js"), "orders.test.js"],
      passed: /Tests: +1 passed/,
    },
    "jest, CommonJS": {
      folder: "jest/commonjs",
      command: () => [process.execPath, join(jest, "jest/bin/jest.js")],
      passed: /Tests: +1 passed/,
    },
    "happy-dom": { folder: "happy-dom", command: vitest, passed: /1 passed/ },
  }
  for (const [name, { folder, command, passed }] of Object.entries(runners)) {
    test(`${name} passes, and fails where the program is wrong`, async () => {
      for (const isBroken of [false, true]) {
        const root = await writeProject(`docs-${folder.replace("/", "-")}-${isBroken}`, folder, isBroken)
        const { status, output } = runIn(root, await command(), {
          HOME: project.folder,
          WRANGLER_SEND_METRICS: "false",
        })
        assert.equal(status, isBroken ? 1 : 0, output)
        if (!isBroken) assert.match(output, passed)
      }
    })
  }
})
