// Every case that sends requests, to a server on this machine; see `all.mjs`. `before` is called before what a variant sends is looked at.
import { dispatchNames, dispatchTo } from "./dispatch.mjs"
import { publishNames, publishTo } from "./publish.mjs"

export const sendingNames = [...dispatchNames, ...publishNames]

/** @param {{ host: string, port: number }} server */
export const sendingTo = (server) => [...dispatchTo(server), ...publishTo(server)]
