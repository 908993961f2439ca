// A webhook verified, and its events read: those of Channels, and forged ones.
import { credentials, webhookBodyOf } from "../inputs.mjs"

const { key } = credentials

const webhookCase = (name, bytes, signatureOf) => ({
  name,
  variants: async ({ ours, pusher, edge, byHand, nodeCrypto }) => {
    const rawBody = webhookBodyOf(bytes)
    const signature = signatureOf(await byHand.sign(rawBody))
    const headers = { "content-type": "application/json", "x-pusher-key": key, "x-pusher-signature": signature }
    const request = { headers, rawBody }
    const read = (library) => () => {
      const webhook = library.webhook(request)
      return webhook.isValid() && webhook.getEvents()
    }
    return {
      ours: read(ours),
      pusher: pusher && read(pusher),
      edge: async () => {
        const webhook = edge.webhook(request)
        return (await webhook.isValid()) && webhook.getEvents()
      },
      "by hand": () => byHand.readWebhook(request),
      "node:crypto":
        nodeCrypto &&
        (() => headers["x-pusher-key"] === key && nodeCrypto.verify(rawBody, signature) && JSON.parse(rawBody).events),
    }
  },
})

const forged = (signature) => (signature.startsWith("0") ? "1" : "0") + signature.slice(1)
const genuine = (signature) => signature

export const webhook = [
  webhookCase("webhook 0.5 KB", 500, genuine),
  webhookCase("webhook 8 KB", 8_000, genuine),
  webhookCase("webhook 0.5 KB, forged", 500, forged),
  webhookCase("webhook 8 KB, forged", 8_000, forged),
]
