// What is done over and over to see whether memory stays flat: runtime-neutral, sent nowhere.

const options = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8", cluster: "eu" }
const encryptionMasterKeyBase64 = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

/**
 * Each step: how often, and what so many times of it are. `collected` says that things are dropped for the garbage collector to
 * find, which does so when it likes.
 */
export const steps = (Pusher) => {
  const lasting = new Pusher({ ...options, encryptionMasterKeyBase64, fetch: async () => new Response("{}") })
  const failing = [
    async () => {
      throw new TypeError("connection refused")
    },
    async () => new Response("the server's words", { status: 500 }),
    async () => new Response(new ReadableStream({ start: (controller) => controller.error(new Error("broken off")) })),
  ].map((fetch) => new Pusher({ ...options, fetch }))

  return {
    "clients made and dropped": {
      count: 1_000_000,
      collected: true,
      async run(times) {
        for (let round = 0; round < times; round++) {
          const pusher = new Pusher({ ...options, secret: `secret ${round}` })
          pusher.authorizeChannel("1.1", "private-a")
          // As on a Worker, where each client comes with a request and so with a turn of the event loop.
          if (round % 1000 === 0) await turn()
        }
      },
    },
    "clients made and freed": {
      count: 1_000_000,
      async run(times) {
        for (let round = 0; round < times; round++) new Pusher(options).free()
      },
    },
    "calls on one client": {
      count: 1_000_000,
      async run(times) {
        for (let round = 0; round < times; round++) {
          lasting.authorizeChannel("1234.5678", "presence-a", { user_id: String(round) })
        }
      },
    },
    "webhooks checked and dropped": {
      count: 200_000,
      collected: true,
      async run(times) {
        const rawBody = '{"time_ms":1,"events":[{"name":"channel_occupied","channel":"a"}]}'
        const headers = {
          "content-type": "application/json",
          "x-pusher-key": options.key,
          "x-pusher-signature": lasting.config.token.sign(rawBody),
        }
        for (let round = 0; round < times; round++) {
          if (!lasting.webhook({ headers, rawBody }).isValid()) throw new Error("a valid webhook was refused")
          if (round % 1000 === 0) await turn()
        }
      },
    },
    "failed requests": {
      count: 10_000,
      async run(times) {
        for (let round = 0; round < times; round++) {
          const error = await failing[round % failing.length].trigger("a", "event", { round }).catch((error) => error)
          if (!(error instanceof Pusher.RequestError)) throw new Error(`not a request error: ${error}`)
        }
      },
    },
    "encrypted events": {
      count: 10_000,
      async run(times) {
        const data = "x".repeat(1000)
        for (let round = 0; round < times; round++) await lasting.trigger("private-encrypted-a", "event", data)
      },
    },
  }
}

/** Lets finalizers and timers run. */
const turn = () => new Promise((resolve) => setTimeout(resolve))

/** Does all steps in portions; `sample({ step, done, collected })` is awaited after each. `share` of each count is done. */
export const endure = async (Pusher, sample, share = 1, portions = 20) => {
  for (const [name, { count, collected = false, run }] of Object.entries(steps(Pusher))) {
    const portion = Math.ceil((count * share) / portions)
    for (let done = portion; done <= portion * portions; done += portion) {
      await run(portion)
      await turn()
      await sample({ step: name, done, collected })
    }
  }
}
