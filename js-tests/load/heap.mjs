import { once } from "node:events"

import WebSocket from "ws"

/** Asks V8's inspector how many bytes of its heap are used. @param {string} url */
export async function readHeap(url) {
  const socket = new WebSocket(url)
  await once(socket, "open")
  socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }))
  const [answer] = await once(socket, "message")
  const closed = once(socket, "close")
  socket.close()
  await closed
  return JSON.parse(answer).result.usedSize
}
