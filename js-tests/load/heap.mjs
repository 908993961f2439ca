import { on, once } from "node:events"

import WebSocket from "ws"

/** Asks V8's inspector how many bytes of its heap are used. @param {string} url */
export async function readHeap(url) {
  const socket = new WebSocket(url)
  await once(socket, "open")
  const messages = on(socket, "message", { close: ["close"] })
  socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }))
  // It also tells what else has happened.
  for await (const [message] of messages) {
    const { id, result } = JSON.parse(message)
    if (id === 1) {
      socket.close()
      return result.usedSize
    }
  }
  throw new Error("V8's inspector did not tell the heap's size")
}
