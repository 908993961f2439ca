// A user's first event: a project with the package, the embedded server, and programs that must send one event to it.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { installPacked } from "./packed.mjs"
import { serveWorker } from "./workerd.mjs"

/** Installs the package in a fresh folder, and starts the server. */
export async function startProject() {
  const { folder, remove } = await installPacked()
  const server = await startLocalChannels()
  const { id, key, secret } = server.apps[0]
  const url = `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`

  /** Checks that `run` sends exactly one event, which is taken. */
  const assertSends = async (run) => {
    const before = server.requests.length
    await run()
    const requests = server.requests.slice(before)
    assert.equal(requests.length, 1)
    assert.equal(requests[0].response.status, 200)
    assert.equal(JSON.parse(requests[0].body).name, "my-event")
  }

  return {
    folder,
    server,
    url,

    /** Checks that a command sends one event. */
    assertCommandSends: ([command, args], env) =>
      assertSends(async () => {
        const child = spawn(command, args, { cwd: folder, stdio: "inherit", env })
        assert.equal((await once(child, "exit"))[0], 0)
      }),

    /** Checks that a Worker sends one event when it gets a request. */
    assertWorkerSends: (entry, name) =>
      assertSends(async () => {
        const worker = await serveWorker({ folder, entry, name, bindings: { PUSHER_URL: url } })
        try {
          assert.equal(await (await fetch(worker.url)).text(), "sent")
        } finally {
          worker.stop()
        }
      }),

    close: async () => {
      await server.close()
      await remove()
    },
  }
}
