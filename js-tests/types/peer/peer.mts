// As peer.cts, from a module.
import type { Agent } from "node:https"

import Pusher from "pusher-http-wasm"

export const create = (options: Pusher.Options): Pusher => new Pusher(options)
export const withAgent = (agent: Agent): Pusher =>
  create({ appId: "1", key: "key", secret: "secret", cluster: "eu", useTLS: true, agent })
export type Authorize = typeof Pusher.prototype.authorizeChannel
export type Answer = ReturnType<Pusher["authorizeChannel"]>
export const authorize: Authorize = (socketId, channel, data) =>
  Pusher.forURL("").authorizeChannel(socketId, channel, data)
export const answer: Answer = authorize("1.1", "private-a")
export const status = async (pusher: Pusher): Promise<number> =>
  (await pusher.trigger(["a"], "event", {}, { socket_id: "1.1" })).status
export const isRefused = (error: unknown): boolean => error instanceof Pusher.RequestError && error.status === 403
