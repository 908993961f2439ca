// Runs the README's programs for each platform unchanged: every block that names a runtime (```js node). js-tests/docs checks the others.
import assert from "node:assert/strict"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startProject } from "../support/first-event.mjs"
import { bin } from "../support/packages.mjs"

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")
const programs = [...readme.matchAll(/^```js (\w+)(?: static)?\n(.*?)^```$/gms)].map(([, runtime, program]) => ({
  runtime,
  program,
}))

let project
before(async () => {
  project = await startProject()
})
after(() => project?.close())

const commands = {
  node: (file) => [process.execPath, [file]],
  bun: (file) => [bin("bun"), ["run", file]],
  deno: (file) => [
    bin("deno"),
    [
      "run",
      "--quiet",
      "--no-prompt",
      "--node-modules-dir=manual",
      `--allow-net=${project.server.host}`,
      "--allow-env",
      file,
    ],
  ],
}

test("is short: at most 200 lines", () => {
  assert.ok(readme.split("\n").length <= 201)
})

test("has a program for each platform of the first screen", () => {
  assert.deepEqual(
    programs.map(({ runtime }) => runtime),
    ["worker", "node", "deno", "bun"],
  )
})

for (const { runtime, program } of programs) {
  test(`runs the README's program for ${runtime}, which sends one event`, async () => {
    const file = join(project.folder, `readme-${runtime}.js`)
    writeFileSync(file, program)
    if (runtime === "worker") await project.assertWorkerSends(file, "readme")
    else await project.assertCommandSends(commands[runtime](file), { ...process.env, PUSHER_URL: project.url })
  })
}
