// Tokens by which Beams knows a user: JSON Web Tokens (RFC 7519), signed by HS256 in the core.
import { LIFETIME } from "./limits.js"

/** Encodes bytes, given as characters, as base64url without padding (RFC 7515). */
const toBase64url = (binary) => btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")

const encode = (value) => toBase64url(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))))

const encodeHex = (hex) => toBase64url(hex.replace(/../g, (digits) => String.fromCharCode(Number(`0x${digits}`))))

const HEADER = encode({ alg: "HS256", typ: "JWT" })

/** Makes a token that says who the user is. `key` signs (`Pusher.Token`). The order is npm `jsonwebtoken`'s. */
export const makeToken = (key, issuer, subject) => {
  const now = Math.floor(Date.now() / 1000)
  const signed = `${HEADER}.${encode({ iat: now, exp: now + LIFETIME, iss: issuer, sub: subject })}`
  return `${signed}.${encodeHex(key.sign(signed))}`
}
