// Ports of this machine that commands listen on.
import { UsageError } from "./errors.js"

/** Throws what a port that cannot be listened on is: wrong use. `option` is where it was given, or could have been. */
export const refusePort = (option, port, { code }) => {
  const reason = code === "EADDRINUSE" ? "the port is in use" : code
  throw new UsageError(`Cannot listen on ${option} ${port}: ${reason}`, "Give another port, or 0 for any free one.")
}

/** Has a server listen on a port of 127.0.0.1. Resolves to the port, which is another one if it was 0. */
export const listenOn = async (server, port, option) => {
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server.off("error", reject)))
  }).catch((error) => refusePort(option, port, error))
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port
}
