// What stays in the module's memory of a master key once its client has been freed: nothing. Not in the suite, which does not see the memory,
// nor natively, where the stack is another one. Source: "a copy of the master key" in found.md.
import assert from "node:assert/strict"
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
const channel = "private-encrypted-a"
const isInMemory = (text) => Buffer.from(memory.buffer).includes(text)

const uses = {
  "being made": () => {},
  "a description": (pusher) => assert.equal(String(pusher.config.encryptionMasterKey), key),
  "an authorisation": (pusher) => assert.ok(pusher.authorizeChannel("1.1", channel).shared_secret),
  "a trigger": (pusher) => pusher.trigger(channel, "event", "data"),
  "an event that cannot be decrypted": (pusher) =>
    assert.throws(() => pusher.decrypt(channel, { nonce: "AAAA", ciphertext: "AAAA" }), { code: "decryption_failed" }),
}
for (const [name, use] of Object.entries(uses)) {
  for (const [option, value] of Object.entries({ encryptionMasterKeyBase64: base64, encryptionMasterKey: key })) {
    test(`no part of \`${option}\` outlives its client, after ${name}`, (t) => {
      t.mock.method(console, "warn", () => {})
      const fetch = async () => new Response("{}")
      const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", fetch, [option]: value })
      use(pusher)
      assert.ok(isInMemory(key), "the client has it")
      pusher.free()
      for (let at = 0; at + 8 <= key.length; at += 4)
        assert.equal(isInMemory(key.slice(at, at + 8)), false, `from ${at}`)
      for (let at = 0; at + 10 <= base64.length; at += 4)
        assert.equal(isInMemory(base64.slice(at, at + 10)), false, `base64 from ${at}`)
    })
  }
}
