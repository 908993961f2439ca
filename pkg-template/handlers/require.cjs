// CommonJS. By `import`, which esbuild makes flat: its own form of a module weighs 0.2 KB more.
import { channelAuthHandler, readWebhook, userAuthHandler, webhookHandler } from "./index.js"

Object.assign(exports, { channelAuthHandler, readWebhook, userAuthHandler, webhookHandler })
