// The server's own digests and ciphers: it shares none with the library, and has none of Node's.
import assert from "node:assert/strict"
import { createHash, createHmac, randomBytes } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { test } from "node:test"

import nacl from "tweetnacl"

import { compareBytes, encode, toHex } from "../../../pkg-template/testing/bytes.js"
import { md5 } from "../../../pkg-template/testing/md5.js"
import { openSecretbox } from "../../../pkg-template/testing/secretbox.js"
import { hmacSha256, sha256 } from "../../../pkg-template/testing/sha256.js"

const hash = (name, bytes) => createHash(name).update(bytes).digest("hex")

test("MD5 as in RFC 1321", () => {
  for (const [text, digest] of [
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
    ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ]) {
    assert.equal(toHex(md5(encode(text))), digest)
  }
})

test("SHA-256 as in FIPS 180-2", () => {
  for (const [text, digest] of [
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ]) {
    assert.equal(toHex(sha256(encode(text))), digest)
  }
})

test("HMAC-SHA256 as in RFC 4231", () => {
  for (const [key, text, mac] of [
    [new Uint8Array(20).fill(0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      encode("Jefe"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      new Uint8Array(131).fill(0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ]) {
    assert.equal(toHex(hmacSha256(key, encode(text))), mac)
  }
})

test("digests are those of Node for any length", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = randomBytes(length)
    const key = randomBytes(length % 150)
    const seen = [md5(bytes), sha256(bytes), hmacSha256(key, bytes)].map(toHex)
    const expected = [hash("md5", bytes), hash("sha256", bytes), createHmac("sha256", key).update(bytes).digest("hex")]
    assert.deepEqual(seen, expected, `${bytes.toString("hex")} ${key.toString("hex")}`)
  }
})

test("boxes that NaCl seals are opened, and no others", () => {
  for (let length = 0; length < 300; length++) {
    const [message, nonce, key] = [randomBytes(length), randomBytes(24), randomBytes(32)]
    const box = nacl.secretbox(message, nonce, key)
    assert.deepEqual(openSecretbox(box, nonce, key), new Uint8Array(message))
    assert.equal(openSecretbox(box, nonce, randomBytes(32)), undefined)
    assert.equal(openSecretbox(box, randomBytes(24), key), undefined)
    box[length % box.length] ^= 1 << (length % 8)
    assert.equal(openSecretbox(box, nonce, key), undefined)
  }
  for (const [box, nonce, key] of [
    [15, 24, 32],
    [16, 23, 32],
    [16, 24, 31],
  ]) {
    assert.equal(openSecretbox(new Uint8Array(box), new Uint8Array(nonce), new Uint8Array(key)), undefined)
  }
})

test("texts are compared by their bytes", () => {
  const texts = ["", "a", "ab", "b", "é", "\uffff", "\u{10000}", "a\u{10000}", "a\uffff"]
  assert.deepEqual(
    [...texts].sort(compareBytes),
    [...texts].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
  )
})

test("the server is the other side: it imports nothing but its own files, and needs no module of Node's in its core", () => {
  const folder = new URL("../../../pkg-template/testing/", import.meta.url)
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.c?js$/.test(name))
  assert.ok(files.length > 30)
  for (const file of files) {
    // Comments name types of Node.
    const code = readFileSync(new URL(file, folder), "utf8").replace(/\/\*\*[\s\S]*?\*\//g, "")
    for (const [, from] of code.matchAll(/\b(?:from|import) ?\(?"([^"]*)"/g)) {
      const { href } = new URL(from, new URL(file, folder))
      assert.ok(from.startsWith(".") && href.startsWith(folder.href), `${file} imports ${from}`)
    }
    assert.doesNotMatch(code, /\bBuffer\b|\brequire\(/, file)
  }
})
