// Runs the README's programs for each platform unchanged: every block that names a runtime (```js node). js-tests/docs checks the others.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { serveWorker } from "../support/workerd.mjs"

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")
const programs = [...readme.matchAll(/^```js (\w+)(?: static)?\n(.*?)^```$/gms)].map(([, runtime, program]) => ({
  runtime,
  program,
}))

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

const commands = {
  node: (file) => [process.execPath, [file]],
  bun: (file) => [bin("bun"), ["run", file]],
  deno: (file) => [
    bin("deno"),
    ["run", "--quiet", "--no-prompt", "--node-modules-dir=manual", `--allow-net=${server.host}`, "--allow-env", file],
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
    const file = join(installed.folder, `readme-${runtime}.js`)
    writeFileSync(file, program)
    const before = server.requests.length
    if (runtime === "worker") {
      const worker = await serveWorker({
        folder: installed.folder,
        entry: file,
        name: "readme",
        bindings: { PUSHER_URL: url },
      })
      try {
        assert.equal(await (await fetch(worker.url)).text(), "sent")
      } finally {
        worker.stop()
      }
    } else {
      const [command, args] = commands[runtime](file)
      const child = spawn(command, args, {
        cwd: installed.folder,
        stdio: "inherit",
        env: { ...process.env, PUSHER_URL: url },
      })
      assert.equal((await once(child, "exit"))[0], 0)
    }
    const requests = server.requests.slice(before)
    assert.equal(requests.length, 1)
    assert.equal(requests[0].response.status, 200)
    assert.equal(JSON.parse(requests[0].body).name, "my-event")
  })
}
