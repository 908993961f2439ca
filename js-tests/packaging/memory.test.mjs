// What stays in the module's memory of a secret once its owner has been freed, or could not be made: nothing, in no form that would sign or open.
// Not in the suite, which does not see the memory, nor natively, where the stack is another one. Source: "a copy of the master key" in found.md.
import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { createRequire } from "node:module"
import { join } from "node:path"
import { test } from "node:test"

import { installPacked } from "../support/packed.mjs"

let memory
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...args) {
    super(...args)
    memory = Object.values(this.exports).find((item) => item instanceof WebAssembly.Memory)
  }
}
const { folder, remove } = await installPacked()
const Pusher = createRequire(join(folder, "package.json"))("pusher-http-wasm")
await remove()

const key = "0K7-kT2_pL9-wQ4_zX8-vB6_nM1-cR5_"
const base64 = btoa(key)
const secret = "Zr4-uJ8_hF3-gD6_yS0-"
const channel = "private-encrypted-a"
const isInMemory = (bytes) => Buffer.from(memory.buffer).includes(bytes)

const PRIMES = Array.from({ length: 312 }, (_, number) => number).filter(
  (number) => number > 1 && !Array.from({ length: number }, (_, by) => by).some((by) => by > 1 && number % by === 0),
)
const fractionOf = (root) => ((root % 1) * 2 ** 32) | 0
const rotate = (word, by) => (word >>> by) | (word << (32 - by))

/** Returns SHA-256's state after one block, as the module's memory has it: eight words, little-endian. */
const stateAfter = (block) => {
  const words = Array.from({ length: 16 }, (_, at) => block.readInt32BE(at * 4))
  for (let at = 16; at < 64; at++) {
    const [early, late] = [words[at - 15], words[at - 2]]
    const one = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const two = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    words[at] = (words[at - 16] + one + words[at - 7] + two) | 0
  }
  const start = PRIMES.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)))
  let [a, b, c, d, e, f, g, h] = start
  for (let at = 0; at < 64; at++) {
    const round = fractionOf(Math.cbrt(PRIMES[at]))
    const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + round + words[at]
    const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  const state = Buffer.alloc(32)
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state.writeInt32LE((word + start[at]) | 0, at * 4)
  return state
}

const padOf = (secret, byte) => Buffer.alloc(64, byte).map((pad, at) => pad ^ (Buffer.from(secret)[at] ?? 0))
const sharedSecretOf = (name) => createHash("sha256").update(name).update(key).digest()

/** Every form in which a secret would be of use, as texts or bytes; parts of each are looked for. */
const FORMS = {
  "the master key": Buffer.from(key),
  "the master key in base64": Buffer.from(base64),
  "the secret": Buffer.from(secret),
  "the inner key of the HMAC": padOf(secret, 0x36).subarray(0, secret.length),
  "the outer key of the HMAC": padOf(secret, 0x5c).subarray(0, secret.length),
  "the inner state of the HMAC": stateAfter(padOf(secret, 0x36)),
  "the outer state of the HMAC": stateAfter(padOf(secret, 0x5c)),
  "a shared secret": sharedSecretOf(channel),
  "a shared secret in base64": Buffer.from(sharedSecretOf(channel).toString("base64")),
}
const PART = 10

/** Names the forms of which a part is in the memory. */
const findForms = () =>
  Object.entries(FORMS).flatMap(([name, bytes]) => {
    const parts = Array.from({ length: bytes.length - PART + 1 }, (_, at) => bytes.subarray(at, at + PART))
    return parts.some(isInMemory) ? [name] : []
  })

const options = { appId: "1", key: "key", secret, fetch: async () => new Response("{}") }
const withKey = { ...options, encryptionMasterKeyBase64: base64 }
const body = JSON.stringify({ time_ms: 1, events: [] })

const uses = {
  "being made": () => {},
  "a description": (pusher) => assert.equal(String(pusher.config.encryptionMasterKey), key),
  "an authorisation": (pusher) => assert.ok(pusher.authorizeChannel("1.1", channel).shared_secret),
  "a shared secret": (pusher) => assert.deepEqual(pusher.channelSharedSecret(channel), sharedSecretOf(channel)),
  "a trigger": (pusher) => pusher.trigger(channel, "event", "data"),
  "a large trigger": (pusher) => pusher.trigger(channel, "event", "data".repeat(1500)),
  "a batch": (pusher) => pusher.triggerBatch([{ channel, name: "event", data: "x" }]),
  "a signature": (pusher) => pusher.createSignedQueryString({ method: "GET", path: "/" }),
  "a token's signature": (pusher) => pusher.config.token.sign("x".repeat(1000)),
  "a webhook": (pusher) => {
    const headers = { "x-pusher-key": "key", "x-pusher-signature": pusher.config.token.sign(body) }
    assert.equal(
      pusher.webhook({ headers: { ...headers, "content-type": "application/json" }, rawBody: body }).isValid(),
      true,
    )
    // Of an object with a key and a secret, a token is made for the call.
    const other = new Pusher({ ...options, secret: "another" })
    assert.equal(other.webhook({ headers, rawBody: body }).isValid([{ key: "key", secret }]), false)
    other.free()
  },
  "an event that cannot be decrypted": (pusher) =>
    assert.throws(() => pusher.decrypt(channel, { nonce: "AAAA", ciphertext: "AAAA" }), { code: "decryption_failed" }),
  "mistakes in calls": (pusher) => {
    assert.throws(() => pusher.trigger("#", "event", "x"), { code: "invalid_channel" })
    assert.throws(() => pusher.authorizeChannel("x", channel), { code: "invalid_socket_id" })
  },
}
for (const [name, use] of Object.entries(uses)) {
  for (const [option, value] of Object.entries({ encryptionMasterKeyBase64: base64, encryptionMasterKey: key })) {
    test(`no part of a secret outlives its client, after ${name}, with \`${option}\``, async (t) => {
      t.mock.method(console, "warn", () => {})
      const pusher = new Pusher({ ...options, [option]: value })
      await use(pusher)
      assert.ok(isInMemory(key), "the client has it")
      assert.ok(isInMemory(FORMS["the inner state of the HMAC"]), "and is ready to sign")
      pusher.free()
      assert.deepEqual(findForms(), [])
    })
  }
}

test("no part of a secret outlives its token", () => {
  const token = new Pusher.Token("key", secret)
  assert.equal(token.verify("x", token.sign("x")), true)
  assert.equal(token.verify("x", "0".repeat(64)), false)
  assert.ok(isInMemory(FORMS["the inner state of the HMAC"]))
  token.free()
  assert.deepEqual(findForms(), [])
})

const sources = {
  "a URL": () => Pusher.forURL(`https://key:${secret}@localhost/apps/1`, { encryptionMasterKeyBase64: base64 }),
  "a cluster": () => Pusher.forCluster("eu", withKey),
  "the environment": () =>
    Pusher.fromEnv({
      PUSHER_APP_ID: "1",
      PUSHER_KEY: "key",
      PUSHER_SECRET: secret,
      PUSHER_ENCRYPTION_MASTER_KEY_BASE64: base64,
    }),
}
for (const [name, make] of Object.entries(sources)) {
  test(`no part of a secret outlives a client made from ${name}`, () => {
    const pusher = make()
    pusher.authorizeChannel("1.1", channel)
    pusher.free()
    assert.deepEqual(findForms(), [])
  })
}

const failures = {
  "a wrong option after the secrets": () => new Pusher({ ...withKey, maxBatchEvents: 0 }),
  "a wrong option before them": () => new Pusher({ ...withKey, appId: ".." }),
  "a master key that is too long": () => new Pusher({ ...options, encryptionMasterKeyBase64: btoa(`${key}x`) }),
  "a master key that is no base64": () => new Pusher({ ...options, encryptionMasterKeyBase64: `${base64}!` }),
  "a wrong port in the URL": () =>
    Pusher.forURL(`https://key:${secret}@localhost:99999/apps/1`, { encryptionMasterKeyBase64: base64 }),
  "a URL without an app": () =>
    Pusher.forURL(`https://key:${secret}@localhost/`, { encryptionMasterKeyBase64: base64 }),
  "variables that are missing": () =>
    Pusher.fromEnv({ PUSHER_SECRET: secret, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: base64 }),
}
for (const [name, make] of Object.entries(failures)) {
  test(`no part of a secret stays when a client cannot be made: ${name}`, () => {
    assert.throws(make, { name: "PusherValidationError" })
    assert.deepEqual(findForms(), [])
  })
}

test("no part of a secret outlives clients of which many were made and freed in any order", () => {
  const clients = Array.from({ length: 50 }, () => new Pusher(withKey))
  for (const client of clients) client.authorizeChannel("1.1", channel)
  for (const client of clients.filter((_, at) => at % 2 === 0)) client.free()
  for (const client of clients) client.free()
  assert.deepEqual(findForms(), [])
})
