// Ports of this machine.
import { once } from "node:events"
import { createServer } from "node:net"

/** Finds a port on which nothing listens. Something else may take it before it is used. */
export const findFreePort = async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address()
  server.close()
  await once(server, "close")
  return port
}
