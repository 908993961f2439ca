// Events, as far as the host's `fetch`, which is a stub here.
import { channelsOf, credentials, dataOf, encryptedChannel } from "../inputs.mjs"
import { sent, stubFetch } from "../stub.mjs"

const origin = "http://127.0.0.1:1"
const path = `/apps/${credentials.appId}`

/** The request that went out last, as a server sees it. */
export const lastSent = () => {
  const { url, init } = sent
  return {
    url: String(url),
    method: init.method,
    body: typeof init.body === "string" ? init.body : new TextDecoder().decode(init.body),
  }
}

const post = (nodeCrypto, to, body) =>
  stubFetch(`${origin}${path}${to}?${nodeCrypto.signedQuery("POST", `${path}${to}`, body)}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  })

export const triggerCase = (name, channels, bytes) => ({
  name,
  seen: lastSent,
  variants: ({ ours, pusher, edge, byHand, nodeCrypto }) => {
    const data = dataOf(bytes)
    return {
      ours: () => ours.trigger(channels, "order-placed", data),
      pusher: pusher && (() => pusher.trigger(channels, "order-placed", data)),
      edge: () => edge.trigger(channels, "order-placed", data),
      "by hand": () => byHand.trigger(channels, "order-placed", data),
      "node:crypto":
        nodeCrypto &&
        (() => {
          const body = JSON.stringify({ name: "order-placed", data: JSON.stringify(data), channels })
          return post(nodeCrypto, "/events", body)
        }),
    }
  },
})

const batchCase = {
  name: "triggerBatch, 10 events of 0.2 KB",
  seen: lastSent,
  variants: ({ ours, pusher, edge, byHand, nodeCrypto }) => {
    const data = dataOf(200)
    // Anew for each call, for the others write into what they are given.
    const batch = () => channelsOf(10).map((channel) => ({ channel, name: "order-placed", data }))
    return {
      ours: () => ours.triggerBatch(batch()),
      pusher: pusher && (() => pusher.triggerBatch(batch())),
      edge: () => edge.triggerBatch(batch()),
      "by hand": () => byHand.triggerBatch(batch()),
      "node:crypto":
        nodeCrypto &&
        (() => {
          const events = batch().map((event) => ({ ...event, data: JSON.stringify(event.data) }))
          return post(nodeCrypto, "/batch_events", JSON.stringify({ batch: events }))
        }),
    }
  },
}

/** What a subscriber reads: nonces differ from call to call, and with them all that is sent. */
const opened = ({ ours, openBox }) => {
  const { data, ...event } = JSON.parse(lastSent().body)
  const { nonce, ciphertext } = JSON.parse(data)
  const text = openBox(bytesOf(ciphertext), bytesOf(nonce), ours.channelSharedSecret(encryptedChannel))
  return { ...event, data: new TextDecoder().decode(text) }
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

export const encryptedCase = (name, bytes) => ({
  name,
  seen: opened,
  variants: ({ ours, pusher, edge }) => {
    const data = dataOf(bytes)
    return {
      ours: () => ours.trigger(encryptedChannel, "order-placed", data),
      pusher: pusher && (() => pusher.trigger(encryptedChannel, "order-placed", data)),
      edge: () => edge.trigger(encryptedChannel, "order-placed", data),
    }
  },
})

export const trigger = [
  triggerCase("trigger 0.2 KB", channelsOf(1), 200),
  batchCase,
  encryptedCase("encrypted trigger 1 KB", 1_000),
  encryptedCase("encrypted trigger 10 KB", 10_000),
]
