// The same program, as CommonJS.
const Pusher = require("pusher-http-wasm")
const chunks = require("pusher-http-wasm/chunks")

const greet = async (url, channel) =>
  (await Pusher.forURL(url).trigger(channel, "greeting", { from: "a bundle" })).status

globalThis.started({ greet, library: { ...Pusher, Pusher, default: Pusher }, subpaths: { chunks } })
