// Every case that sends requests, to a server on this machine; see `all.mjs`.
import { dispatchNames, dispatchTo } from "./dispatch.mjs"
import { publishNames, publishTo } from "./publish.mjs"

export const sendingNames = [...dispatchNames, ...publishNames]

/** @param {{ host: string, port: number }} server */
export const sendingTo = (server) => [...dispatchTo(server), ...publishTo(server)]
