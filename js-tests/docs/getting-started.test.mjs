// Runs the programs of "Getting started" on the hosts that they are for, unchanged: each sends one event.
import assert from "node:assert/strict"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startProject } from "../support/first-event.mjs"
import { bin } from "../support/packages.mjs"
import { readPage } from "./pages.mjs"

const { blocks } = readPage("docs/getting-started.md")
const programOf = (name) => {
  const found = blocks.find(({ file }) => file === name)
  assert.ok(found, name)
  return found.code
}

let project
before(async () => {
  project = await startProject()
})
after(() => project?.close())

/** Writes a program as the page says, and the variable into `.env` beside it. */
const save = (name) => {
  writeFileSync(join(project.folder, ".env"), `PUSHER_URL=${project.url}\n`)
  const file = join(project.folder, name)
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

for (const [name, command] of Object.entries(commands)) {
  test(`${name} sends an event`, () => {
    save(name)
    const { PUSHER_URL: _, ...env } = process.env
    return project.assertCommandSends(command, env)
  })
}

test("worker.js sends an event from workerd", () => project.assertWorkerSends(save("worker.js"), "getting-started"))

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
