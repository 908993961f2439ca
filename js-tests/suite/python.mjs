// Agreement with the PyPI package `pusher`, which made the vectors (js-tests/python/vectors.py).
import vectors from "./python-vectors.json" with { type: "json" }

export default ({ test }, { default: Pusher, Token }) => {
  const { credentials, clock, master_key_base64: encryptionMasterKeyBase64 } = vectors
  const options = { ...credentials, encryptionMasterKeyBase64, now: () => clock * 1000 }
  const pusher = new Pusher(options)
  const parseIfJson = (text) => {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }

  test("has vectors of every kind", (t) => {
    for (const name of ["requests", "channels", "users", "webhooks", "sealed"]) t.true(vectors[name].length > 1, name)
  })

  // Python sorts the signature among the other parameters; this library puts it at the end.
  const splitQuery = (query) => query.split("&").sort()
  const isSignature = (pair) => pair.startsWith("auth_signature=")

  test("signs requests with a body as Python does", (t) => {
    for (const { method, path, body, query } of vectors.requests) {
      if (method === "GET") continue
      t.deepEqual(splitQuery(pusher.createSignedQueryString({ method, path, body })), splitQuery(query), body)
    }
  })

  test("signs GET requests as Python does, except for the MD5 of an empty body", (t) => {
    const token = new Token(credentials.key, credentials.secret)
    for (const { method, path, params, query } of vectors.requests) {
      if (method === "POST") continue
      const pairs = splitQuery(query).filter((pair) => !isSignature(pair))
      const ours = splitQuery(pusher.createSignedQueryString({ method, path, params })).filter(
        (pair) => !isSignature(pair),
      )
      t.deepEqual(
        ours,
        pairs.filter((pair) => !pair.startsWith("body_md5=")),
        path,
      )
      t.true(query.includes(`auth_signature=${token.sign([method, path, pairs.join("&")].join("\n"))}`), path)
    }
  })

  test("authorises channels as Python does", (t) => {
    for (const { socket_id, channel, answer } of vectors.channels) {
      // Python writes JSON with spaces, so the encoder returns Python's text.
      const json = { stringify: () => answer.channel_data }
      const data = answer.channel_data && JSON.parse(answer.channel_data)
      // No server takes a presence channel's authorisation without a member; Python makes one all the same.
      if (!data && channel.startsWith("presence-")) continue
      t.deepEqual(new Pusher({ ...options, json }).authorizeChannel(socket_id, channel, data), answer, channel)
    }
  })

  test("authenticates users as Python does", (t) => {
    for (const { socket_id, answer } of vectors.users) {
      const json = { stringify: () => answer.user_data }
      t.deepEqual(new Pusher({ ...options, json }).authenticateUser(socket_id, JSON.parse(answer.user_data)), answer)
    }
  })

  test("validates the same webhooks as Python, and old ones", (t) => {
    for (const { what, key, signature, body, valid } of vectors.webhooks) {
      const headers = { "x-pusher-key": key, "x-pusher-signature": signature, "content-type": "application/json" }
      const webhook = pusher.webhook({ headers, rawBody: body })
      t.strictEqual(webhook.isValid(), valid || what === "too old for Python", what)
      if (valid) t.deepEqual(webhook.getData(), JSON.parse(body), what)
    }
  })

  test("derives the same shared secrets as Python", (t) => {
    for (const { channel, answer } of vectors.channels) {
      if (answer.shared_secret === undefined) continue
      t.strictEqual(btoa(String.fromCharCode(...pusher.channelSharedSecret(channel))), answer.shared_secret, channel)
    }
  })

  test("decrypts what Python encrypts, JSON or bare strings", (t) => {
    for (const { channel, data, plain } of vectors.sealed) {
      t.deepEqual(pusher.decrypt(channel, data), parseIfJson(plain), plain)
      t.deepEqual(pusher.decrypt(channel, JSON.parse(data)), parseIfJson(plain), plain)
    }
  })
}
