// What is done over and over to see whether memory stays flat: runtime-neutral, sent nowhere.
import { growthSteps } from "./growth.mjs"
import { publishingSteps } from "./publishing.mjs"
import { keepValue } from "./spy.mjs"

const options = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8", cluster: "eu" }
const encryptionMasterKeyBase64 = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

/**
 * @typedef {object} Step
 * @property {number} count how often
 * @property {number} together of how many the results are kept, and then dropped: how much there is at most does not depend on when a
 *   runtime collects
 * @property {string[]} [leaks] what is made to grow
 * @property {number} [most] bytes that the module's memory must stay within, where it cannot be flat; nothing else is looked at then
 * @property {boolean} [withoutFinalizationRegistry] nothing is freed by the collector
 * @property {(Pusher) => (round: number) => unknown} prepare gives what is done each time
 */

/** @type {Record<string, Step>} */
export const steps = {
  "clients made and dropped": {
    count: 1_000_000,
    together: 5000,
    prepare: (Pusher) => (round) => {
      const pusher = new Pusher({ ...options, secret: `secret ${round}` })
      pusher.authorizeChannel("1.1", "private-a")
      return pusher
    },
  },
  "clients made and freed": {
    count: 1_000_000,
    together: 5000,
    prepare: (Pusher) => () => new Pusher(options).free(),
  },
  "calls on one client": {
    count: 1_000_000,
    together: 5000,
    prepare(Pusher) {
      const pusher = new Pusher(options)
      return (round) => pusher.authorizeChannel("1234.5678", "presence-a", { user_id: String(round) })
    },
  },
  "webhooks checked and dropped": {
    count: 200_000,
    together: 5000,
    prepare(Pusher) {
      const pusher = new Pusher(options)
      const rawBody = '{"time_ms":1,"events":[{"name":"channel_occupied","channel":"a"}]}'
      const headers = {
        "content-type": "application/json",
        "x-pusher-key": options.key,
        "x-pusher-signature": pusher.config.token.sign(rawBody),
      }
      return () => {
        const webhook = pusher.webhook({ headers, rawBody })
        if (!webhook.isValid()) throw new Error("a valid webhook was refused")
        return webhook
      }
    },
  },
  "failed requests": {
    count: 10_000,
    together: 250,
    prepare(Pusher) {
      const failing = [
        async () => {
          throw new TypeError("connection refused")
        },
        async () => new Response("the server's words", { status: 500 }),
        async () =>
          new Response(new ReadableStream({ start: (controller) => controller.error(new Error("broken off")) })),
      ].map((fetch) => new Pusher({ ...options, fetch }))
      return async (round) => {
        const error = await failing[round % failing.length].trigger("a", "event", { round }).catch((error) => error)
        if (!(error instanceof Pusher.RequestError)) throw new Error(`not a request error: ${error}`)
        return error
      }
    },
  },
  "encrypted events": {
    count: 10_000,
    together: 250,
    prepare(Pusher) {
      const pusher = new Pusher({ ...options, encryptionMasterKeyBase64, fetch: async () => new Response("{}") })
      const data = "x".repeat(1000)
      return () => pusher.trigger("private-encrypted-a", "event", data)
    },
  },
  "one request in 50 never answered": {
    count: 5000,
    together: 500,
    prepare(Pusher) {
      const kept = []
      let answer
      const pusher = new Pusher({ ...options, timeout: 0, fetch: () => answer })
      return async (round) => {
        answer = round % 50 === 0 ? new Promise(() => {}) : { status: 200 }
        const call = pusher.trigger("a", "event", "x")
        if (round % 50 === 0) kept.push(call)
        else await call
      }
    },
  },
  "all that a client makes for itself, freed, without FinalizationRegistry": {
    count: 100_000,
    together: 1000,
    withoutFinalizationRegistry: true,
    prepare: (Pusher) => (round) => {
      const pusher = new Pusher(options)
      const token = { key: "rotated", secret: `secret ${round}` }
      const headers = {
        "x-pusher-key": token.key,
        "x-pusher-signature": "0".repeat(64),
        "content-type": "application/json",
      }
      const webhook = pusher.webhook({ headers, rawBody: "{}" })
      if (webhook.isValid([token, token]) || pusher.config.host !== "api-eu.pusher.com")
        throw new Error("a wrong answer")
      webhook.free()
      pusher.free()
    },
  },
  ...publishingSteps,
  ...growthSteps,

  // These show that what is looked for would be seen.
  "one client in 50 kept": {
    count: 20_000,
    together: 500,
    leaks: ["bytes", "objects"],
    prepare(Pusher) {
      const kept = []
      return (round) => {
        const pusher = new Pusher({ ...options, fetch: () => {} })
        if (round % 50 === 0) kept.push(pusher)
        return pusher
      }
    },
  },
  "a value kept each time": {
    count: 2000,
    together: 50,
    leaks: ["values"],
    prepare: () => keepValue,
  },
  "64 KiB kept each time": {
    count: 2000,
    together: 50,
    leaks: ["resident"],
    prepare() {
      const kept = []
      return () => void kept.push(new Uint8Array(65_536).fill(1))
    },
  },
}
