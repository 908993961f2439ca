// Steps in which the payloads grow, or calls are broken off: memory cannot be flat, but it has a bound.
// Sources: "webhooks of strangers, each 2 % larger than the last" and "a stack overflow inside a call" in found.md.
import { callNearLimit } from "../suite/whole/near-limit.mjs"

const options = {
  appId: "3",
  key: "278d425bdf160c739803",
  secret: "7ad3773142a6692b25b8",
  cluster: "eu",
  encryptionMasterKeyBase64: "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=",
  maxPayloadBytes: Infinity,
}
const mebibyte = 2 ** 20
/** What the module has from the start. */
const base = mebibyte / 2
const [smallest, largest] = [1024, 2 * mebibyte]
/** Each larger than the last, as what strangers send may be: no piece of memory that was freed is large enough for the next. */
const growth = 1.03
const count = Math.ceil(Math.log(largest / smallest) / Math.log(growth))

/**
 * A step of calls with ever larger data. The module may hold the body a few times over: as it comes in, as it is sealed or escaped, as it goes
 * out, and each in a piece of memory that may be twice as large as needed.
 */
const growing = (prepare) => ({
  count,
  together: 1,
  most: base + 8 * largest,
  prepare(Pusher) {
    const once = prepare(Pusher)
    return (round) => once("x".repeat(Math.min(Math.floor(smallest * growth ** round), largest)))
  },
})

const headers = (key, signature) => ({
  "content-type": "application/json",
  "x-pusher-key": key,
  "x-pusher-signature": signature,
})

/** @type {Record<string, import("./steps.mjs").Step>} */
export const growthSteps = {
  "ever larger webhooks of strangers": growing((Pusher) => {
    const pusher = new Pusher(options)
    return (data) => {
      const rawBody = JSON.stringify({ time_ms: 1, events: [], data })
      for (const key of ["another", options.key]) {
        const webhook = pusher.webhook({ headers: headers(key, "0".repeat(64)), rawBody })
        if (webhook.isValid()) throw new Error("a stranger's webhook was taken")
      }
    }
  }),
  "ever larger webhooks": growing((Pusher) => {
    const pusher = new Pusher(options)
    const { token } = pusher.config
    const encoder = new TextEncoder()
    return (data) => {
      const rawBody = JSON.stringify({ time_ms: 1, events: [], data })
      const request = { headers: headers(options.key, token.sign(rawBody)), rawBody: encoder.encode(rawBody) }
      if (!pusher.webhook(request).isValid()) throw new Error("a valid webhook was refused")
    }
  }),
  "ever larger events": growing((Pusher) => {
    const pusher = new Pusher({ ...options, fetch: async () => ({ status: 200 }) })
    return (data) => pusher.trigger("a", "event", data)
  }),
  "ever larger batches": growing((Pusher) => {
    const pusher = new Pusher({ ...options, fetch: async () => ({ status: 200 }) })
    return (data) => {
      const part = data.slice(0, data.length / 10)
      const event = { name: "event", data: part }
      return pusher.triggerBatch(
        Array.from({ length: 10 }, (_, index) => ({
          channel: index % 2 ? "a" : "private-encrypted-a",
          ...event,
        })),
      )
    }
  }),
  "ever larger events, encrypted and decrypted": growing((Pusher) => {
    let body
    const fetch = async (_, init) => {
      body = init.body
      return { status: 200 }
    }
    const pusher = new Pusher({ ...options, fetch })
    return async (data) => {
      await pusher.trigger("private-encrypted-a", "event", data)
      if (pusher.decrypt("private-encrypted-a", JSON.parse(body).data) !== data) throw new Error("it was not opened")
    }
  }),
  "ever larger data that cannot be decrypted": growing((Pusher) => {
    const pusher = new Pusher(options)
    return (data) => {
      try {
        pusher.decrypt("private-encrypted-a", { nonce: "A".repeat(32), ciphertext: data.slice(data.length % 4) })
      } catch ({ code }) {
        if (code === "decryption_failed") return
      }
      throw new Error("a stranger's data was opened")
    }
  }),
  "ever larger members": growing((Pusher) => {
    const pusher = new Pusher(options)
    return (user_info) => void pusher.authorizeChannel("1.1", "presence-a", { user_id: "1", user_info })
  }),

  "parameters that are too large once they are encoded": {
    count: 20,
    together: 1,
    // Nothing is made of them.
    most: base,
    prepare(Pusher) {
      const pusher = new Pusher(options)
      // Three bytes each, and nine characters in a query.
      const long = "\u20ac".repeat(2 ** 25)
      return () => {
        try {
          pusher.createSignedQueryString({ method: "GET", path: "/channels", params: { one: long, other: long } })
        } catch ({ code }) {
          if (code === "invalid_argument") return
        }
        throw new Error("the parameters were not refused by their size")
      }
    },
  },

  // The engine cleans up after nothing that it breaks off: an instance in which that happened is given up whole.
  "thousands of stack overflows, each 50 on a client that is freed": {
    // A tenth on Bun, which takes 25 ms for each overflow: its collector reads the whole stack.
    count: globalThis.Bun ? 20 : 200,
    together: 10,
    most: base,
    prepare(Pusher) {
      const rawBody = "{}"
      const calls = [
        (pusher) => pusher.authorizeChannel("1.1", "private-a"),
        (pusher) => pusher.createSignedQueryString({ method: "GET", path: "/channels", params: { info: "a" } }),
        (pusher) => pusher.trigger("a", "event", { some: "data" }),
        (pusher) => pusher.trigger("private-encrypted-a", "event", { some: "data" }),
        (pusher) => pusher.channels({ prefix: "presence-" }),
        () => new Pusher(options).free(),
        (pusher) =>
          pusher.webhook({ headers: headers("key", "0".repeat(64)), rawBody }).isValid([{ key: "key", secret: "s" }]),
      ]
      return async (round) => {
        const call = calls[round % calls.length]
        for (let overflows = 0; overflows < 50; ) {
          const pusher = new Pusher({
            ...options,
            timeout: 0,
            fetch: async () => ({ status: 200, text: async () => "{}" }),
          })
          const { returned, thrown } = callNearLimit(() => call(pusher))
          await Promise.allSettled(returned)
          overflows += thrown.length
          pusher.free()
        }
      }
    },
  },
}
