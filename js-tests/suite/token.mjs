import { pick, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const { Token } = Pusher

  test("signs text as the known vectors do", (t) => {
    for (const { secret, body, signature, source } of vectors.webhook) {
      t.strictEqual(new Token("key", secret).sign(body), signature, source)
    }
    const [{ string_to_sign, signature, source }] = vectors.request
    t.strictEqual(new Token("key", vectors.credentials.docs.secret).sign(string_to_sign), signature, source)
  })

  test("holds its key and secret, and verifies what it signed", (t) => {
    const token = new Token("key", "secret")
    t.deepEqual(pick(token, "key", "secret"), { key: "key", secret: "secret" })
    for (const text of ["", "text", "\u00e9\u{1f600}", "x".repeat(10_000)]) {
      t.true(token.verify(text, token.sign(text)))
    }
  })

  test("verifies no signature but the right one", (t) => {
    const token = new Token("key", "secret")
    const signature = token.sign("text")
    const wrong = [
      "",
      "0".repeat(64),
      signature.slice(1),
      `${signature}0`,
      signature.toUpperCase(),
      ` ${signature}`,
      token.sign("other text"),
      new Token("key", "other secret").sign("text"),
      undefined,
      null,
      1,
      {},
      [signature],
    ]
    for (const other of wrong) t.false(token.verify("text", other), String(other))
    t.false(token.verify(undefined, signature))
  })

  test("signs text or bytes, and refuses anything else", (t) => {
    const bytes = new TextEncoder().encode("text")
    const around = new TextEncoder().encode("(text)")
    const views = [around.subarray(1, 5), new DataView(around.buffer, 1, 4), new Uint16Array(bytes.buffer)]
    for (const same of [bytes, bytes.buffer, ...views]) {
      t.strictEqual(new Token("key", "secret").sign(same), new Token("key", "secret").sign("text"))
      t.true(new Token("key", "secret").verify(same, new Token("key", "secret").sign("text")))
    }
    for (const value of [undefined, null, 1, {}, Symbol("x")]) {
      const error = thrownBy(() => new Token("key", "secret").sign(value))
      t.true(error instanceof PusherValidationError)
      t.strictEqual(error.code, "invalid_argument")
    }
    t.strictEqual(thrownBy(() => new Token(1, "secret")).field, "key")
    t.strictEqual(thrownBy(() => new Token("key")).field, "secret")
  })

  test("survives bytes whose buffer is resized while they are read", (t) => {
    const token = new Token("key", "secret")
    const signature = token.sign("text")
    for (const [before, after] of [
      [8, 4_000_000],
      [200_000, 4_000_000],
      [200_000, 0],
      [8, 0],
    ]) {
      const buffer = new ArrayBuffer(before, { maxByteLength: 4_000_000 })
      if (!buffer.resizable) return t.strictEqual(buffer.resizable, undefined, "this host has no resizable buffers")
      const resizing = {
        toString() {
          buffer.resize(after)
          return "0"
        },
      }
      for (const bytes of [buffer, new Uint8Array(buffer)]) {
        if (bytes.byteLength !== before) buffer.resize(before)
        t.false(token.verify(bytes, resizing))
        t.strictEqual(token.sign("text"), signature, `${before} to ${after}`)
      }
    }
  })

  test("signs a lone surrogate as U+FFFD, as npm `pusher` does", (t) => {
    const token = new Token("key", "secret")
    t.strictEqual(token.sign("a\ud800"), token.sign("a\ufffd"))
  })
}
