// The server that dispatched requests go to, in a process of its own.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

import { bin } from "../js-tests/support/packages.mjs"

/** @returns {Promise<{ server: { host: string, port: number }, stop: () => void }>} */
export const serve = async () => {
  const child = spawn(bin("bun"), ["run", join(import.meta.dirname, "server.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const [port] = await once(child.stdout, "data")
  return { server: { host: "127.0.0.1", port: Number(port) }, stop: () => child.stdin.end() }
}
