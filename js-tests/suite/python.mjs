// What the PyPI package `pusher` signs, answers, validates and encrypts: js-tests/python/vectors.py made the vectors.
import vectors from "./python-vectors.json" with { type: "json" }

export default ({ test }, { default: Pusher, Token }) => {
  const { credentials, clock, master_key_base64: encryptionMasterKeyBase64 } = vectors
  const options = { ...credentials, encryptionMasterKeyBase64, now: () => clock * 1000 }
  const pusher = new Pusher(options)
  const parsed = (text) => {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }

  test("the vectors are there", (t) => {
    for (const name of ["requests", "channels", "users", "webhooks", "sealed"]) t.true(vectors[name].length > 1, name)
  })

  // Python sorts the signature among the other parameters; ours stands at the end.
  const pairsOf = (query) => query.split("&").sort()
  const isSignature = (pair) => pair.startsWith("auth_signature=")

  test("requests with a body are signed alike", (t) => {
    for (const { method, path, body, query } of vectors.requests) {
      if (method === "GET") continue
      t.deepEqual(pairsOf(pusher.createSignedQueryString({ method, path, body })), pairsOf(query), body)
    }
  })

  test("questions are asked alike, but for the MD5 of the body that they have not", (t) => {
    const token = new Token(credentials.key, credentials.secret)
    for (const { method, path, params, query } of vectors.requests) {
      if (method === "POST") continue
      const pairs = pairsOf(query).filter((pair) => !isSignature(pair))
      const ours = pairsOf(pusher.createSignedQueryString({ method, path, params })).filter(
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

  test("clients are answered alike", (t) => {
    for (const { socket_id, channel, answer } of vectors.channels) {
      // Python writes JSON with spaces: the encoder is the way to give the text itself.
      const json = { stringify: () => answer.channel_data }
      const data = answer.channel_data && JSON.parse(answer.channel_data)
      t.deepEqual(new Pusher({ ...options, json }).authorizeChannel(socket_id, channel, data), answer, channel)
    }
  })

  test("users are answered alike", (t) => {
    for (const { socket_id, answer } of vectors.users) {
      const json = { stringify: () => answer.user_data }
      t.deepEqual(new Pusher({ ...options, json }).authenticateUser(socket_id, JSON.parse(answer.user_data)), answer)
    }
  })

  test("the same webhooks are valid, however old", (t) => {
    for (const { what, key, signature, body, valid } of vectors.webhooks) {
      const headers = { "x-pusher-key": key, "x-pusher-signature": signature, "content-type": "application/json" }
      const webhook = pusher.webhook({ headers, rawBody: body })
      t.strictEqual(webhook.isValid(), valid || what === "too old for Python", what)
      if (valid) t.deepEqual(webhook.getData(), JSON.parse(body), what)
    }
  })

  test("the same secrets are shared", (t) => {
    for (const { channel, answer } of vectors.channels) {
      if (answer.shared_secret === undefined) continue
      t.strictEqual(btoa(String.fromCharCode(...pusher.channelSharedSecret(channel))), answer.shared_secret, channel)
    }
  })

  test("what Python encrypts is decrypted: JSON, and the bare strings that it seals as they are", (t) => {
    for (const { channel, data, plain } of vectors.sealed) {
      t.deepEqual(pusher.decrypt(channel, data), parsed(plain), plain)
      t.deepEqual(pusher.decrypt(channel, JSON.parse(data)), parsed(plain), plain)
    }
  })
}
