// The same program, as CommonJS.
const Pusher = require("pusher-http-wasm")
const chunks = require("pusher-http-wasm/chunks")
const handlers = require("pusher-http-wasm/handlers")

const greet = async (url, channel) =>
  (await Pusher.forURL(url).trigger(channel, "greeting", { from: "a bundle" })).status

globalThis.started({ greet, library: { ...Pusher, Pusher, default: Pusher }, subpaths: { chunks, handlers } })
