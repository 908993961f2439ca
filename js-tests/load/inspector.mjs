import { on, once } from "node:events"

import WebSocket from "ws"

/**
 * Asks V8's inspector how many bytes of its heap are used, and what the program has written to the console.
 *
 * @param {string} url
 * @returns {Promise<{ heap: number, printed: string[] }>}
 */
export async function inspect(url) {
  const socket = new WebSocket(url)
  await once(socket, "open")
  const messages = on(socket, "message", { close: ["close"] })
  socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }))
  const printed = []
  for await (const [message] of messages) {
    const { id, result, method, params } = JSON.parse(message)
    if (method === "Runtime.consoleAPICalled") printed.push(params.args.map(({ value }) => value).join(" "))
    if (id === 1) {
      socket.close()
      return { heap: result.usedSize, printed }
    }
  }
  throw new Error("V8's inspector did not tell the heap's size")
}
