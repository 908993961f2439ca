// Runs the programs of "Getting started" on the hosts that they are for, unchanged: each sends one event.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { serveWorker } from "../support/workerd.mjs"
import { readPage } from "./pages.mjs"

const { blocks } = readPage("docs/getting-started.md")
const programOf = (name) => {
  const found = blocks.find(({ file }) => file === name)
  assert.ok(found, name)
  return found.code
}

let installed, server, url
before(async () => {
  installed = await installPacked()
  server = await startLocalChannels()
  const { id, key, secret } = server.apps[0]
  url = `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`
})
after(async () => {
  await server.close()
  await installed.remove()
})

/** Writes a program as the page says, and the variable into `.env` beside it. */
const save = (name) => {
  writeFileSync(join(installed.folder, ".env"), `PUSHER_URL=${url}\n`)
  const file = join(installed.folder, name)
  writeFileSync(file, programOf(name))
  return file
}

/** The commands as the page gives them, but for how the host finds the package. */
const commands = {
  "main.mjs": [process.execPath, ["--env-file=.env", "main.mjs"]],
  "main.cjs": [process.execPath, ["--env-file=.env", "main.cjs"]],
  "deno.js": [
    bin("deno"),
    [
      "run",
      "--quiet",
      "--no-prompt",
      "--node-modules-dir=manual",
      "--env-file",
      "--allow-net",
      "--allow-env",
      "deno.js",
    ],
  ],
  "bun.js": [bin("bun"), ["run", "bun.js"]],
}

/** Checks that what runs sends exactly one event, which is taken. */
const assertSends = async (run) => {
  const before = server.requests.length
  await run()
  const requests = server.requests.slice(before)
  assert.equal(requests.length, 1)
  assert.equal(requests[0].response.status, 200)
  assert.equal(JSON.parse(requests[0].body).name, "my-event")
}

for (const [name, [command, args]] of Object.entries(commands)) {
  test(`${name} sends an event`, () => {
    save(name)
    const { PUSHER_URL: _, ...env } = process.env
    return assertSends(async () => {
      const child = spawn(command, args, { cwd: installed.folder, stdio: "inherit", env })
      assert.equal((await once(child, "exit"))[0], 0)
    })
  })
}

test("worker.js sends an event from workerd", () =>
  assertSends(async () => {
    const worker = await serveWorker({
      folder: installed.folder,
      entry: save("worker.js"),
      name: "getting-started",
      bindings: { PUSHER_URL: url },
    })
    try {
      assert.equal(await (await fetch(worker.url)).text(), "sent")
    } finally {
      worker.stop()
    }
  }))

test("the page has the commands that are run here", () => {
  const { text } = readPage("docs/getting-started.md")
  for (const command of [
    "node --env-file=.env main.mjs",
    "deno run --env-file --allow-net --allow-env deno.js",
    "bun run bun.js",
    "npx wrangler dev",
  ])
    assert.ok(text.includes(`\`${command}\``), command)
})
