// Starts Redis, through which sockudos are connected to one another. tools/setup-sockudo.sh installs it.
import { connect } from "node:net"

import { makeFolder, startServer } from "./processes.mjs"

/** Starts Redis on a free port. It keeps nothing on disk. */
export async function startRedis() {
  return startServer({
    program: "redis-server",
    hint: "tools/setup-sockudo.sh installs it",
    folder: await makeFolder("redis"),
    prepare: (port) => ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no"],
    answers: ping,
  })
}

const ping = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"))
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once("data", (data) => end(String(data).startsWith("+PONG")))
    socket.once("error", () => end(false))
    socket.setTimeout(5_000, end, false)
  })
