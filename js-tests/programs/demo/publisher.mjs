import { copyFile } from "node:fs/promises"
import { join } from "node:path"

import { startNode } from "./processes.mjs"

/**
 * Starts the Node process that publishes with the packed package.
 *
 * @param {{ folder: string, env: Record<string, string>, signal: AbortSignal }} options
 * @returns {Promise<{ pid: number, call: (method: string, args: unknown[], signal: AbortSignal) => Promise<any>,
 *   end: () => Promise<void> }>} `call` calls a method of the client and resolves to the JSON that the server answered
 */
export async function startPublisher({ folder, env, signal }) {
  const file = join(folder, "node-publisher.mjs")
  await copyFile(join(import.meta.dirname, "node-publisher.mjs"), file)
  const { pid, inbox, send, end } = startNode("the Node process", file, { cwd: folder, env })
  await inbox.find(({ ready }) => ready, signal)
  let calls = 0
  const call = async (method, args, callSignal) => {
    const id = ++calls
    send({ id, method, args })
    const { answer, error } = await inbox.find((message) => message.id === id, callSignal)
    if (error !== undefined) throw new Error(error)
    return answer
  }
  return { pid, call, end }
}
