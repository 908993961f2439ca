import { docs, recorded, thrownBy, vectors } from "./support.mjs"

const base64 = vectors.encryption[0].master_key_base64
const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
const base64Of = (bytes) => btoa(String.fromCharCode(...bytes))

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const channel = "private-encrypted-a"
  const client = (options = {}) => recorded(Pusher, { encryptionMasterKeyBase64: base64, ...options })
  const sealedBy = async (data, options) => {
    const { calls, pusher } = client(options)
    await pusher.trigger(channel, "event", data)
    return { pusher, body: calls[0].body, sealed: JSON.parse(calls[0].body.data) }
  }

  test("known shared secrets", (t) => {
    const [first, second] = vectors.encryption
    const one = new Pusher({ encryptionMasterKeyBase64: first.master_key_base64 })
    t.strictEqual(base64Of(one.channelSharedSecret(first.channel)), first.shared_secret, first.source)
    const other = new Pusher({ encryptionMasterKey: second.master_key_utf8 })
    t.strictEqual(base64Of(other.channelSharedSecret(second.channel)), second.shared_secret, second.source)
  })

  test("an event is sealed, and opened again", async (t) => {
    for (const data of [{ some: "data" }, "text", "", null, 0, [1, { a: "\u00e9\u{1f600}" }], "x".repeat(5000)]) {
      const { pusher, body, sealed } = await sealedBy(data)
      t.deepEqual(Object.keys(sealed), ["nonce", "ciphertext"])
      t.strictEqual(bytesOf(sealed.nonce).length, 24)
      t.deepEqual(pusher.decrypt(channel, body.data), data)
      t.deepEqual(pusher.decrypt(channel, sealed), data, "also from the parsed object")
    }
  })

  test("an event without data is sealed, too: clients can only decrypt what is there", async (t) => {
    const { pusher, body } = await sealedBy(undefined)
    t.strictEqual(pusher.decrypt(channel, body.data), null)
  })

  test("a known ciphertext", async (t) => {
    // Made with tweetnacl 1.0.3: secretbox of JSON.stringify({ some: "data" }), a nonce of 24 bytes 1.
    const nonce = new Uint8Array(24).fill(1)
    const { sealed } = await sealedBy({ some: "data" }, { randomBytes: () => nonce })
    t.strictEqual(sealed.nonce, base64Of(nonce))
    t.strictEqual(sealed.ciphertext, "/b1KZoDpSG0m/3HsdHsAhxet0heE7sXSVd0YzTF77A==")
  })

  test("known ciphertexts around the sizes of blocks", async (t) => {
    // Made as above, of "x" so many times as JSON: where the ciphertext starts, with the tag that authenticates all of it.
    for (const [length, start] of [
      [0, "ftE1b2DHwjoJ2S8YqwZer0"],
      [9, "NcJXymBr1lMSv1WLy0jURU"],
      [10, "fMfC2OhNPFQVYQ1llAtvjk"],
      [29, "o1887vhdnxKz7t3LPj/Rgk"],
      [30, "iEGnHzLPrCTakqMzGQTqIE"],
      [31, "HBB2b8qM/thVAo8BapPnsU"],
      [93, "q8uCPCHSNA9KOAlwHHTkXk"],
      [94, "S1NLxD8WXaCaRzXM2FSbSU"],
      [989, "z5JBLDlNGqfwJR2hOLGlg0"],
      [990, "v0+sEQ9Bnc0rfWCnbsXuhk"],
      [991, "apAe2pB5YNMepOKIEbJUWk"],
      [2014, "zEsRK+Zz7HPLkIf//fq3uU"],
    ]) {
      const { sealed } = await sealedBy("x".repeat(length), { randomBytes: () => new Uint8Array(24).fill(1) })
      t.strictEqual(sealed.ciphertext.slice(0, start.length), start, String(length))
      t.strictEqual(sealed.ciphertext, base64Of(bytesOf(sealed.ciphertext)))
    }
  })

  test("keys are a `Buffer` where the host has such a thing, as in npm `pusher`", (t) => {
    const pusher = new Pusher({ encryptionMasterKeyBase64: base64 })
    for (const bytes of [pusher.channelSharedSecret(channel), pusher.config.encryptionMasterKey]) {
      t.true(bytes instanceof Uint8Array)
      t.strictEqual(Object.getPrototypeOf(bytes), (globalThis.Buffer ?? Uint8Array).prototype)
    }
  })

  test("a key may have spare bits in its last digit, as in npm `pusher`", (t) => {
    const [one, other] = [base64, base64.replace(/U=$/, "X=")].map(
      (key) => new Pusher({ encryptionMasterKeyBase64: key }),
    )
    t.strictEqual(base64Of(other.config.encryptionMasterKey), base64Of(one.config.encryptionMasterKey))
  })

  test("no nonce is used twice", async (t) => {
    const { calls, pusher } = client()
    for (let round = 0; round < 200; round++) {
      const batch = Array.from({ length: 10 }, () => ({ channel, name: "event", data: "same" }))
      await pusher.triggerBatch(batch)
    }
    const nonces = calls.flatMap(({ body }) => body.batch.map(({ data }) => JSON.parse(data).nonce))
    t.strictEqual(nonces.length, 2000)
    t.strictEqual(new Set(nonces).size, 2000)
  })

  test("in a batch, each encrypted event is sealed with its own channel's secret", async (t) => {
    const { calls, pusher } = client()
    const events = ["a", "private-encrypted-a", "private-encrypted-b"].map((channel) => ({
      channel,
      name: "event",
      data: { channel },
    }))
    await pusher.triggerBatch(events)
    const { batch } = calls[0].body
    t.deepEqual(JSON.parse(batch[0].data), { channel: "a" })
    for (const { channel, data } of batch.slice(1)) t.deepEqual(pusher.decrypt(channel, data), { channel })
    t.strictEqual(thrownBy(() => pusher.decrypt(batch[1].channel, batch[2].data)).code, "decryption_failed")
  })

  test("params cannot smuggle plain data to an encrypted channel", async (t) => {
    const { calls, pusher } = client()
    await pusher.trigger("a", "event", "plain", { channels: [channel], data: "plain" })
    t.deepEqual(calls[0].body.channels, ["a"])
    await pusher.trigger(channel, "event", "secret", { data: "plain", name: "other" })
    t.false(calls[1].init.body.includes("plain"))
  })

  test("what was changed, or made with another key, does not open", async (t) => {
    const { pusher, sealed } = await sealedBy({ some: "data" })
    const flip = (text) => base64Of(bytesOf(text).map((byte, at) => (at === 0 ? byte ^ 1 : byte)))
    const other = new Pusher({ ...docs, encryptionMasterKeyBase64: base64Of(new Uint8Array(32)) })
    for (const [client, at, data] of [
      [other, channel, sealed],
      [pusher, "private-encrypted-b", sealed],
      [pusher, channel, { ...sealed, ciphertext: flip(sealed.ciphertext) }],
      [pusher, channel, { ...sealed, nonce: flip(sealed.nonce) }],
      [pusher, channel, { ...sealed, ciphertext: "" }],
      [pusher, channel, { ...sealed, ciphertext: "AAAA" }],
      [pusher, channel, { ...sealed, ciphertext: "not base64!" }],
      [pusher, channel, { ...sealed, nonce: "AAAA" }],
      [pusher, channel, { ciphertext: sealed.ciphertext }],
      ...[undefined, null, 1, "", "text", "{}", [], {}].map((data) => [pusher, channel, data]),
    ]) {
      const error = thrownBy(() => client.decrypt(at, data))
      t.true(error instanceof PusherValidationError)
      t.deepEqual([error.code, error.field], ["decryption_failed", "data"], JSON.stringify(data))
    }
  })

  test("without a master key there is nothing to seal, open or share", (t) => {
    const { pusher } = recorded(Pusher)
    t.strictEqual(thrownBy(() => pusher.decrypt(channel, {})).code, "missing_option")
    t.strictEqual(thrownBy(() => pusher.channelSharedSecret(channel)).code, "missing_option")
    t.strictEqual(
      thrownBy(() => pusher.trigger(channel, "event", "x")).message,
      "Set encryptionMasterKey before triggering events on encrypted channels",
    )
  })

  test("`config` holds the key, but does not show it", (t) => {
    const { config } = new Pusher({ encryptionMasterKeyBase64: base64 })
    t.strictEqual(base64Of(config.encryptionMasterKey), base64)
    t.false(Object.keys(config).includes("encryptionMasterKey"))
  })

  const wrongKeys = [
    [{ encryptionMasterKey: 1 }, "encryptionMasterKey must be a string"],
    [{ encryptionMasterKeyBase64: 1 }, "encryptionMasterKeyBase64 must be a string"],
    [{ encryptionMasterKeyBase64: "aGkgd(GhlcmUK" }, "encryptionMasterKeyBase64 must be valid base64"],
    ...[0, 31, 33].map((bytes) => [
      { encryptionMasterKeyBase64: base64Of(new Uint8Array(bytes)) },
      `encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to ${bytes} bytes`,
    ]),
    ...[0, 31, 33].map((length) => [
      { encryptionMasterKey: "s".repeat(length) },
      `encryptionMasterKey must be 32 bytes long, but the provided key is ${length} bytes long`,
    ]),
    [
      { encryptionMasterKey: "x", encryptionMasterKeyBase64: "y" },
      "Do not specify both encryptionMasterKey and encryptionMasterKeyBase64. " +
        "encryptionMasterKey is deprecated, please specify only encryptionMasterKeyBase64.",
    ],
  ]
  for (const [options, message] of wrongKeys) {
    test(`a wrong key: ${message}`, (t) => {
      const error = thrownBy(() => new Pusher(options))
      t.true(error instanceof PusherValidationError)
      t.deepEqual([error.message, error.code], [message, "invalid_option"])
      t.false(error.message.includes("sss"))
    })
  }

  test("without randomness nothing is sealed", (t) => {
    for (const randomBytes of [
      () => undefined,
      () => new Uint8Array(23),
      () => "x".repeat(24),
      () => new Array(24).fill(0),
    ]) {
      const { calls, pusher } = client({ randomBytes })
      t.strictEqual(thrownBy(() => pusher.trigger(channel, "event", "x")).code, "no_randomness")
      t.strictEqual(calls.length, 0)
    }
  })

  test("what a double of `getRandomValues` returns does not matter", async (t) => {
    const { crypto } = globalThis
    const original = crypto.getRandomValues
    for (const double of [(bytes) => new Uint8Array(bytes.length), (bytes) => bytes.subarray(0, 10), () => undefined]) {
      try {
        crypto.getRandomValues = (bytes) => double(original.call(crypto, bytes))
      } catch {
        // A host that does not let itself be doubled.
      }
      const { calls, pusher } = client()
      try {
        // More than are drawn at once.
        for (let round = 0; round < 40; round++) await pusher.trigger(channel, "event", { round })
      } finally {
        try {
          crypto.getRandomValues = original
        } catch {}
      }
      const sealed = calls.map(({ body }) => JSON.parse(body.data))
      t.deepEqual(
        sealed.map((data) => pusher.decrypt(channel, data)),
        Array.from(sealed, (_, round) => ({ round })),
      )
      t.strictEqual(new Set(sealed.map(({ nonce }) => nonce)).size, 40)
    }
  })

  test("a `randomBytes` that fills the same bytes again gives each event of a batch its own nonce", async (t) => {
    const bytes = new Uint8Array(24)
    const randomBytes = () => bytes.fill(bytes[0] + 1)
    const { calls, pusher } = client({ randomBytes })
    await pusher.triggerBatch(
      ["a", "b"].map((name) => ({ channel: `private-encrypted-${name}`, name: "event", data: name })),
    )
    const nonces = calls[0].body.batch.map(({ data }) =>
      [...atob(JSON.parse(data).nonce)].map((char) => char.charCodeAt(0)),
    )
    t.deepEqual(
      nonces,
      [1, 2].map((value) => Array(24).fill(value)),
    )
  })
}
