// Webhooks that nobody signed who has the secret.
import { docs, vectors } from "../support.mjs"

export default ({ test }, { default: Pusher }, { subpaths }) => {
  const [{ secret, body, signature }] = vectors.webhook
  const key = "123456789"
  const pusher = new Pusher({ ...docs, key, secret })
  const sign = (text, by = secret) => new Pusher.Token(key, by).sign(text)
  const headersOf = (given) => ({ "x-pusher-key": key, "content-type": "application/json", ...given })

  /** Each with the reason that it must give, where it can be told. */
  const forgeries = {
    "signed with another secret": [sign(body, "other"), "bad_signature"],
    "signed with no secret": ["", "not_signed"],
    "signed with the key": [sign(body, key), "bad_signature"],
    "with the signature of another body": [sign(`${body} `), "bad_signature"],
    "with the signature of an empty body": [sign(""), "bad_signature"],
    "with the signature in upper case": [signature.toUpperCase(), "bad_signature"],
    "with one letter of the signature in upper case": [
      signature.replace(/[a-f]/, (letter) => letter.toUpperCase()),
      "bad_signature",
    ],
    "with a space before the signature": [` ${signature}`, "bad_signature"],
    "with a line feed after the signature": [`${signature}\n`, "bad_signature"],
    "with NUL after the signature": [`${signature}\0`, "bad_signature"],
    "with the name of the algorithm before the signature": [`sha256=${signature}`, "bad_signature"],
    "with the signature twice": [signature + signature, "bad_signature"],
    "with the signature twice, joined by a comma": [`${signature}, ${signature}`, "bad_signature"],
    "with a right signature after a wrong one": [`${sign(body, "other")}, ${signature}`, "bad_signature"],
    "with digits of another script": [
      signature.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
      "bad_signature",
    ],
    "with base64 of the signature": [
      btoa(signature.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))),
      "bad_signature",
    ],
    "with an object for a signature": [{ toString: () => signature }, "not_signed"],
    "with a list of two signatures": [[signature, signature], "not_signed"],
  }
  for (const [what, [given, reason]] of Object.entries(forgeries)) {
    test(`refuses a webhook ${what}`, (t) => {
      const webhook = pusher.webhook({ headers: headersOf({ "x-pusher-signature": given }), rawBody: body })
      t.strictEqual(webhook.reason, reason)
      t.false(webhook.isValid())
    })
  }

  test("refuses a signature that is truncated anywhere, or differs in one digit", (t) => {
    const isValid = (given) =>
      pusher.webhook({ headers: headersOf({ "x-pusher-signature": given }), rawBody: body }).isValid()
    t.true(isValid(signature))
    for (let at = 0; at < signature.length; at++) {
      t.false(isValid(signature.slice(0, at)), `the first ${at}`)
      t.false(isValid(signature.slice(at + 1)), `all from ${at + 1}`)
      const other = signature[at] === "0" ? "1" : "0"
      t.false(isValid(signature.slice(0, at) + other + signature.slice(at + 1)), `digit ${at}`)
    }
  })

  test("refuses a header that is there twice, in whatever form", (t) => {
    const repeated = new Headers(headersOf({ "x-pusher-signature": signature }))
    repeated.append("x-pusher-signature", signature)
    const twice = new Headers(headersOf({ "x-pusher-signature": signature }))
    twice.append("x-pusher-key", key)
    for (const headers of [
      repeated,
      twice,
      headersOf({ "x-pusher-signature": signature, "X-Pusher-Signature": signature }),
      headersOf({ "x-pusher-signature": signature, "X-PUSHER-KEY": key }),
      headersOf({ "x-pusher-signature": signature, "X-Pusher-Signature": undefined, "X-pusher-signature": "" }),
    ]) {
      t.false(pusher.webhook({ headers, rawBody: body }).isValid(), JSON.stringify([...Object.entries(headers)]))
    }
  })

  test("takes the secret of the key that a webhook names, and no other", (t) => {
    const tokens = { a: "secret of a", b: "secret of b" }
    const client = new Pusher({ ...docs, key: "a", secret: tokens.a })
    const extra = { key: "b", secret: tokens.b }
    for (const named of ["a", "b"]) {
      for (const [by, secret] of Object.entries(tokens)) {
        const headers = headersOf({ "x-pusher-key": named, "x-pusher-signature": sign(body, secret) })
        const webhook = client.webhook({ headers, rawBody: body })
        t.strictEqual(webhook.isValid(extra), named === by, `key of ${named}, secret of ${by}`)
        t.strictEqual(webhook.isValid(), named === by && by === "a")
      }
    }
    const mixed = headersOf({ "x-pusher-key": "a, b", "x-pusher-signature": sign(body, tokens.a) })
    t.false(client.webhook({ headers: mixed, rawBody: body }).isValid(extra))
  })

  test("answers 401 to each of them, and calls nothing", async (t) => {
    const { webhookHandler, readWebhook } = subpaths?.handlers ?? (await import("pusher-http-wasm/handlers"))
    const calls = []
    const handle = webhookHandler(pusher, { "*": (event) => calls.push(event) }, { maxAge: Infinity })
    const request = (given) =>
      new Request("https://example.com/", {
        method: "POST",
        headers: headersOf({ "x-pusher-signature": given }),
        body,
      })
    t.strictEqual((await handle(request(signature))).status, 200)
    t.strictEqual(calls.length, 1)
    for (const [what, [given]] of Object.entries(forgeries)) {
      if (typeof given !== "string" || !/^[ -~]*$/.test(given) || given.trim() === signature) continue
      t.strictEqual((await handle(request(given))).status, 401, what)
      const error = await readWebhook(pusher, request(given)).catch((error) => error)
      t.strictEqual(error.status, 401)
    }
    t.strictEqual(calls.length, 1)
  })
}
