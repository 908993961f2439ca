// `verify-webhook`: whether a webhook is authentic.
import { describeWebhookEvent } from "../describe.js"
import { readAll } from "../input.js"

export const verifyWebhook = {
  name: "verify-webhook",
  summary: "Check the signature of a webhook, and show its events",
  parameters: [{ name: "file", label: "FILE", text: "The webhook's raw body; stdin if left out", isOptional: true }],
  options: [
    { name: "key", label: "KEY", text: "Its header X-Pusher-Key", isRequired: true },
    { name: "signature", label: "SIGNATURE", text: "Its header X-Pusher-Signature", isRequired: true },
  ],
  example: "pusher-http-wasm verify-webhook --key K --signature S body.json",
  async run({ file, options: { key, signature }, output, openClient }) {
    const { pusher } = await openClient()
    const headers = { "content-type": "application/json", "x-pusher-key": key, "x-pusher-signature": signature }
    const data = pusher.webhook({ headers, rawBody: await readAll(file) }).verify()
    output.result(data, [["green", "verified"]], ...data.events.map((event) => describeWebhookEvent(event)))
  },
}
