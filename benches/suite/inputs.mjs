// What every library is given: the same app, the same channels, the same data.

export const credentials = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8" }
export const masterKey = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

/** As long as this library waits by default, in milliseconds: the others wait for ever, unless they are told not to. */
export const timeout = 10_000

export const socketId = "123456.7890123"
export const privateChannel = "private-orders-of-shop-17"
export const presenceChannel = "presence-lobby-17"
export const encryptedChannel = "private-encrypted-orders-of-shop-17"
export const member = { user_id: "user-4711", user_info: { name: "Ada Lovelace", team: "Analytical Engines" } }
export const user = {
  id: "user-4711",
  user_info: { name: "Ada Lovelace", team: "Analytical Engines" },
  watchlist: ["user-1"],
}

/** Data as programs send it: an object with a list of small objects, and text. So many bytes as JSON. */
export const dataOf = (bytes) => {
  const data = { kind: "order", at: "2026-03-04T05:06:07.890Z", paid: true, items: [], note: "" }
  const missing = () => bytes - JSON.stringify(data).length
  while (missing() > 120) {
    const at = data.items.length
    data.items.push({ id: 10_000 + at, name: `Article number ${at}`, price: 9.99 + at, tags: ["new", "sale"] })
  }
  data.note = "Please leave it with the neighbours. ".repeat(4).slice(0, Math.max(0, missing()))
  return data
}

/** A webhook's body of about so many bytes. */
export const webhookBodyOf = (bytes) => {
  const events = []
  const body = () => JSON.stringify({ time_ms: 1772600767890, events })
  for (let at = 0; body().length < bytes - 40; at++) {
    events.push(
      at % 2 === 0
        ? { name: "channel_occupied", channel: `private-orders-of-shop-${at}` }
        : { name: "member_added", channel: `presence-lobby-${at}`, user_id: `user-${at}` },
    )
  }
  return body()
}

/** Names of so many public channels. */
export const channelsOf = (count) => Array.from({ length: count }, (_, at) => `orders-of-shop-${at}`)
