// What a program without a library would write: the host's own crypto, and no checks of what it is given. A floor to compare with.
import { credentials } from "./inputs.mjs"

const { key, secret } = credentials
const text = new TextEncoder()
const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Synchronous, by node:crypto; `undefined` where the host has none. */
export const nodeCrypto = () => {
  const crypto = globalThis.process?.getBuiltinModule?.("node:crypto")
  if (crypto === undefined) return undefined
  const sign = (message) => crypto.createHmac("sha256", secret).update(message).digest("hex")
  const verify = (message, signature) =>
    crypto.timingSafeEqual(crypto.createHmac("sha256", secret).update(message).digest(), Buffer.from(signature, "hex"))
  const signedQuery = (method, path, body) => {
    const md5 = crypto.createHash("md5").update(body).digest("hex")
    const query = `auth_key=${key}&auth_timestamp=${Math.floor(Date.now() / 1000)}&auth_version=1.0&body_md5=${md5}`
    return `${query}&auth_signature=${sign(`${method}\n${path}\n${query}`)}`
  }
  return { sign, verify, signedQuery }
}

/** By WebCrypto, with a key that is imported once. It has no MD5, hence no signed queries. */
export const webCrypto = async () => {
  const algorithm = { name: "HMAC", hash: "SHA-256" }
  const imported = await crypto.subtle.importKey("raw", text.encode(secret), algorithm, false, ["sign", "verify"])
  const sign = async (message) => hexOf(await crypto.subtle.sign("HMAC", imported, text.encode(message)))
  const verify = (message, signature) =>
    crypto.subtle.verify("HMAC", imported, bytesOf(signature), text.encode(message))
  return { sign, verify }
}

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16))
