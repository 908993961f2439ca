// Times how long webhooks with wrong signatures take to be refused, on the runtime it is run with. Also bundled into a Worker, whose clock stands
// still meanwhile: there, timing.mjs times each request.

/** Verifications that are timed together: one takes a few microseconds. */
export const VERIFICATIONS = 50

/** Returns functions that verify by turns: with a signature that differs in its first digit, and in its last. */
export const makeKinds = (Pusher) => {
  const pusher = new Pusher({ appId: "1", key: "key", secret: "secret" })
  const body = JSON.stringify({ time_ms: 1, events: [{ name: "channel_occupied", channel: "a" }] })
  const signature = pusher.config.token.sign(body)
  const other = (digit) => (digit === "0" ? "1" : "0")
  const signatures = {
    first: other(signature[0]) + signature.slice(1),
    last: signature.slice(0, -1) + other(signature.at(-1)),
  }
  const verify = (given) => {
    const headers = { "x-pusher-key": "key", "x-pusher-signature": given, "content-type": "application/json" }
    for (let at = 0; at < VERIFICATIONS; at++) {
      if (pusher.webhook({ headers, rawBody: body }).isValid()) throw new Error("a wrong signature passed")
    }
  }
  return Object.fromEntries(Object.entries(signatures).map(([kind, given]) => [kind, () => verify(given)]))
}

/** Takes pairs of samples, in an order drawn anew for each. Returns microseconds for one verification, by kind. */
export const takeSamples = (Pusher, pairs) => {
  const kinds = makeKinds(Pusher)
  const samples = { first: [], last: [] }
  for (let pair = -20; pair < pairs; pair++) {
    for (const kind of Math.random() < 0.5 ? ["first", "last"] : ["last", "first"]) {
      const start = performance.now()
      kinds[kind]()
      const microseconds = ((performance.now() - start) * 1000) / VERIFICATIONS
      // The first ones are before the engine has compiled.
      if (pair >= 0) samples[kind].push(microseconds)
    }
  }
  return samples
}
