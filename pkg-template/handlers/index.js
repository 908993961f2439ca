// The subpath `pusher-http-wasm/handlers`: endpoints in one line.
export { channelAuthHandler, userAuthHandler } from "./authorize.js"
export { readWebhook, webhookHandler } from "./webhooks.js"
