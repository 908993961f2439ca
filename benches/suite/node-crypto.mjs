// What a program without a library would write with node:crypto: no checks of what it is given. A floor to compare with.
import { credentials } from "./inputs.mjs"

const { key, secret } = credentials

/** Returns its functions, which are synchronous; `undefined` where the host has no node:crypto. */
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
