import { docs, masterKey, pick, record, thrownBy, vectors } from "./support.mjs"

const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes))

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const channel = "private-encrypted-a"
  const recordEncrypted = (options = {}) => record(Pusher, { encryptionMasterKeyBase64: masterKey, ...options })
  const seal = async (data, options) => {
    const { calls, pusher } = recordEncrypted(options)
    await pusher.trigger(channel, "event", data)
    return { pusher, body: calls[0].body, sealed: JSON.parse(calls[0].body.data) }
  }

  test("returns the known shared secrets", (t) => {
    const [first, second] = vectors.encryption
    const one = new Pusher({ encryptionMasterKeyBase64: first.master_key_base64 })
    t.strictEqual(toBase64(one.channelSharedSecret(first.channel)), first.shared_secret, first.source)
    const other = new Pusher({ encryptionMasterKey: second.master_key_utf8 })
    t.strictEqual(toBase64(other.channelSharedSecret(second.channel)), second.shared_secret, second.source)
  })

  test("seals an event and decrypts it again", async (t) => {
    for (const data of [{ some: "data" }, "text", "", null, 0, [1, { a: "\u00e9\u{1f600}" }], "x".repeat(5000)]) {
      const { pusher, body, sealed } = await seal(data)
      t.deepEqual(Object.keys(sealed), ["nonce", "ciphertext"])
      t.strictEqual(fromBase64(sealed.nonce).length, 24)
      t.deepEqual(pusher.decrypt(channel, body.data), data)
      t.deepEqual(pusher.decrypt(channel, sealed), data, "also from the parsed object")
    }
  })

  test("seals an event without data as `null`, because clients cannot decrypt nothing", async (t) => {
    const { pusher, body } = await seal(undefined)
    t.strictEqual(pusher.decrypt(channel, body.data), null)
  })

  test("seals to the known ciphertext", async (t) => {
    // Made with tweetnacl 1.0.3: secretbox of JSON.stringify({ some: "data" }) with a nonce of 24 ones.
    const nonce = new Uint8Array(24).fill(1)
    const { sealed } = await seal({ some: "data" }, { randomBytes: () => nonce })
    t.strictEqual(sealed.nonce, toBase64(nonce))
    t.strictEqual(sealed.ciphertext, "/b1KZoDpSG0m/3HsdHsAhxet0heE7sXSVd0YzTF77A==")
  })

  test("seals to the known ciphertexts around the block sizes", async (t) => {
    // Made as above, of JSON with `length` times "x". A ciphertext starts with the tag that authenticates all of it.
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
      const { sealed } = await seal("x".repeat(length), { randomBytes: () => new Uint8Array(24).fill(1) })
      t.strictEqual(sealed.ciphertext.slice(0, start.length), start, String(length))
      t.strictEqual(sealed.ciphertext, toBase64(fromBase64(sealed.ciphertext)))
    }
  })

  test("returns keys as a `Buffer` where the host has one, as npm `pusher` does", (t) => {
    const pusher = new Pusher({ encryptionMasterKeyBase64: masterKey })
    for (const bytes of [pusher.channelSharedSecret(channel), pusher.config.encryptionMasterKey]) {
      t.true(bytes instanceof Uint8Array)
      t.strictEqual(Object.getPrototypeOf(bytes), (globalThis.Buffer ?? Uint8Array).prototype)
    }
  })

  test("refuses spare bits in the last digit of base64, which stand for no byte", async (t) => {
    const withSpareBits = (base64) =>
      base64.replace(/.(?==)/, (digit) => {
        const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        return digits[digits.indexOf(digit) + 1]
      })
    const error = thrownBy(() => new Pusher({ encryptionMasterKeyBase64: withSpareBits(masterKey) }))
    t.strictEqual(error.message, "encryptionMasterKeyBase64 must be valid base64")
    // Ciphertexts of all three lengths: without padding, with one and with two of them.
    for (const data of ["x", "xx", "xxx"]) {
      const { pusher, sealed } = await seal(data)
      t.strictEqual(pusher.decrypt(channel, sealed), data)
      const ciphertext = withSpareBits(sealed.ciphertext)
      if (ciphertext === sealed.ciphertext) t.false(ciphertext.endsWith("="))
      else t.strictEqual(thrownBy(() => pusher.decrypt(channel, { ...sealed, ciphertext })).code, "decryption_failed")
    }
  })

  test("never uses a nonce twice", async (t) => {
    const { calls, pusher } = recordEncrypted()
    for (let round = 0; round < 200; round++) {
      const batch = Array.from({ length: 10 }, () => ({ channel, name: "event", data: "same" }))
      await pusher.triggerBatch(batch)
    }
    const nonces = calls.flatMap(({ body }) => body.batch.map(({ data }) => JSON.parse(data).nonce))
    t.strictEqual(nonces.length, 2000)
    t.strictEqual(new Set(nonces).size, 2000)
  })

  test("seals each event of a batch with its own channel's secret", async (t) => {
    const { calls, pusher } = recordEncrypted()
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

  test("never lets params send plain data to an encrypted channel", async (t) => {
    const { calls, pusher } = recordEncrypted()
    await pusher.trigger("a", "event", "plain", { channels: [channel], data: "plain" })
    t.deepEqual(calls[0].body.channels, ["a"])
    await pusher.trigger(channel, "event", "secret", { data: "plain", name: "other" })
    t.false(calls[1].init.body.includes("plain"))
  })

  test("refuses to decrypt data that was changed or sealed with another key", async (t) => {
    const { pusher, sealed } = await seal({ some: "data" })
    const flip = (text) => toBase64(fromBase64(text).map((byte, at) => (at === 0 ? byte ^ 1 : byte)))
    const other = new Pusher({ ...docs, encryptionMasterKeyBase64: toBase64(new Uint8Array(32)) })
    for (const [client, name, data] of [
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
      const error = thrownBy(() => client.decrypt(name, data))
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "code", "field"), { code: "decryption_failed", field: "data" }, JSON.stringify(data))
    }
  })

  test("refuses to seal, decrypt or share a secret without a master key", (t) => {
    const { pusher } = record(Pusher)
    t.strictEqual(thrownBy(() => pusher.decrypt(channel, {})).code, "missing_option")
    t.strictEqual(thrownBy(() => pusher.channelSharedSecret(channel)).code, "missing_option")
    t.strictEqual(
      thrownBy(() => pusher.trigger(channel, "event", "x")).message,
      "Set encryptionMasterKey before triggering events on encrypted channels",
    )
  })

  test("holds the key in `config` without listing it", (t) => {
    const { config } = new Pusher({ encryptionMasterKeyBase64: masterKey })
    t.strictEqual(toBase64(config.encryptionMasterKey), masterKey)
    t.false(Object.keys(config).includes("encryptionMasterKey"))
  })

  const wrongKeys = [
    [{ encryptionMasterKey: 1 }, "encryptionMasterKey must be a string"],
    [{ encryptionMasterKeyBase64: 1 }, "encryptionMasterKeyBase64 must be a string"],
    [{ encryptionMasterKeyBase64: "aGkgd(GhlcmUK" }, "encryptionMasterKeyBase64 must be valid base64"],
    ...[0, 31, 33].map((bytes) => [
      { encryptionMasterKeyBase64: toBase64(new Uint8Array(bytes)) },
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
    test(`refuses a malformed key: ${message}`, (t) => {
      const error = thrownBy(() => new Pusher(options))
      t.true(error instanceof PusherValidationError)
      t.deepEqual(pick(error, "message", "code"), { message, code: "invalid_option" })
      t.false(error.message.includes("sss"))
    })
  }

  test("refuses to seal without randomness", (t) => {
    for (const randomBytes of [
      () => undefined,
      () => new Uint8Array(23),
      () => "x".repeat(24),
      () => new Array(24).fill(0),
    ]) {
      const { calls, pusher } = recordEncrypted({ randomBytes })
      t.strictEqual(thrownBy(() => pusher.trigger(channel, "event", "x")).code, "no_randomness")
      t.strictEqual(calls.length, 0)
    }
  })

  test("ignores what a test double of `getRandomValues` returns", async (t) => {
    const { crypto } = globalThis
    const original = crypto.getRandomValues
    for (const double of [(bytes) => new Uint8Array(bytes.length), (bytes) => bytes.subarray(0, 10), () => undefined]) {
      try {
        crypto.getRandomValues = (bytes) => double(original.call(crypto, bytes))
      } catch {
        // Some hosts do not let it be replaced.
      }
      const { calls, pusher } = recordEncrypted()
      try {
        // More nonces than the library draws at once.
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

  test("draws new bytes after a pause, for the process may have been cloned meanwhile", async (t) => {
    const { crypto } = globalThis
    const { now } = Date
    const original = crypto.getRandomValues
    let [draws, time] = [0, now()]
    const countDraws = (bytes) => {
      draws++
      return original.call(crypto, bytes)
    }
    try {
      crypto.getRandomValues = countDraws
    } catch {
      // Some hosts do not let it be replaced.
    }
    const isCounted = crypto.getRandomValues === countDraws
    try {
      Date.now = () => time
      const { pusher } = recordEncrypted()
      for (const [elapsed, isNew] of [
        [60_000, true],
        [0, false],
        [1, false],
        [60_000, true],
        [0, false],
        [-60_000, true],
      ]) {
        const before = draws
        time += elapsed
        await pusher.trigger(channel, "event", "x")
        t.strictEqual(draws - before, isCounted && isNew ? 1 : 0, `after ${elapsed} ms`)
      }
    } finally {
      Date.now = now
      try {
        crypto.getRandomValues = original
      } catch {}
    }
  })

  test("gives each event of a batch its own nonce, even if `randomBytes` reuses its array", async (t) => {
    const bytes = new Uint8Array(24)
    const randomBytes = () => bytes.fill(bytes[0] + 1)
    const { calls, pusher } = recordEncrypted({ randomBytes })
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
