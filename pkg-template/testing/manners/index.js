import { pusher } from "./pusher.js"
import { olderReverb, reverb } from "./reverb.js"
import { sockudo } from "./sockudo.js"
import { soketi } from "./soketi.js"

/**
 * How a Channels server reads and answers API requests. Everything else is the same for all of them.
 *
 * @typedef {object} Manners
 * @property {boolean} signsPathPrefix whether signatures cover the server's path prefix; otherwise a proxy is expected to remove it
 * @property {Partial<import("../limits.js").Limits>} limits those that differ from Pusher's
 * @property {(segment: string) => string} readAppId reads the app's id from its segment of the path
 * @property {(segment: string) => string} readName reads the name of a channel or user from its segment of the path
 * @property {(request: ApiRequest) => void} [checkRequest] refuses a request before anything else
 * @property {(app: import("../app.js").App, request: ApiRequest, context: Context) => URLSearchParams} authenticate checks the signature;
 *   returns the query as the endpoints read it
 * @property {(body: any, context: EventContext) => import("../event-rules.js").ApiEvent} parseEvent
 * @property {(body: any, context: EventContext) => import("../event-rules.js").ApiEvent[]} parseBatch
 * @property {(name: string, limits: import("../limits.js").Limits) => boolean} isChannelName whether a query for that channel is answered
 * @property {(channels: Record<string, object>) => object} listChannels makes the answer's member `channels`
 * @property {(users: { id: string }[]) => object} listUsers makes the answer
 * @property {(error: import("../api-error.js").ApiError) => { type: string, body: string }} formatError
 *
 * @typedef {{ method: string, path: string, params: [string, string][], headers: Record<string, string | string[]>, body: Uint8Array }} ApiRequest
 *   `path` as it is signed, `params` decoded
 * @typedef {{ now: () => number, limits: import("../limits.js").Limits }} Context
 * @typedef {{ limits: import("../limits.js").Limits, maxEventBytes: number }} EventContext
 */

/** @type {Record<"pusher" | "sockudo" | "soketi" | "reverb" | "older-reverb", Manners>} */
export const MANNERS = { pusher, sockudo, soketi, reverb, "older-reverb": olderReverb }
