// Loaded before a recipe: whatever port it asks for, it gets a free one, and prints it.
import { Server } from "node:net"

const { listen } = Server.prototype
Server.prototype.listen = function (_port, ...rest) {
  this.once("listening", () => console.log(`listening on ${this.address().port}`))
  return listen.call(this, 0, "127.0.0.1", ...rest.filter((argument) => typeof argument === "function"))
}
