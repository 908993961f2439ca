// What stands in for the world outside of the library: signatures by the host's own HMAC, and a `fetch` that keeps what it is asked.
import { docs } from "../support.mjs"

const encoder = new TextEncoder()

/** HMAC-SHA256 of a string or of bytes, in hexadecimal digits. */
export const hmac = async (secret, message) => {
  const algorithm = { name: "HMAC", hash: "SHA-256" }
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"])
  const bytes = typeof message === "string" ? encoder.encode(message) : message
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes))
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

/** A `fetch` that answers at once, and the requests that it has been called with. */
export const keepRequests = () => {
  const requests = []
  const fetch = async (url, { method, body }) => {
    requests.push({ url, method, body })
    // With the whole stack again: Node 26 gives a `Response` that is made near the stack's end, but never its body.
    await undefined
    return new Response("{}")
  }
  return { requests, fetch }
}

/** Reads a request: what it asks for, and whether its signature is right. */
export const readRequest = async ({ url, method, body }, { key, secret } = docs) => {
  const { pathname: path, searchParams } = new URL(url)
  const { auth_signature: signature, ...signed } = Object.fromEntries(searchParams)
  const names = Object.keys(signed).sort()
  const text = [method, path, names.map((name) => `${name}=${signed[name]}`).join("&")].join("\n")
  const own = names.filter((name) => !/^(auth_.*|body_md5)$/.test(name))
  return {
    method,
    path,
    params: Object.fromEntries(own.map((name) => [name, signed[name]])),
    ...(body !== undefined && { body: JSON.parse(body) }),
    isSigned: signed.auth_key === key && signature === (await hmac(secret, text)),
  }
}

/** Watches for promises that are rejected while nobody waits for them, which ends a process of Node. */
export const watchForgottenRejections = () => {
  const reasons = []
  const onEvent = (event) => {
    event.preventDefault()
    reasons.push(String(event.reason))
  }
  const onReason = (reason) => reasons.push(String(reason))
  // Deno and Bun have both: each reports to the first that it finds.
  globalThis.process?.on?.("unhandledRejection", onReason)
  globalThis.addEventListener?.("unhandledrejection", onEvent)
  return {
    /** Resolves to the reasons so far. */
    async stop() {
      // Hosts report after the microtasks, in a turn of their own.
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve))
      globalThis.process?.off?.("unhandledRejection", onReason)
      globalThis.removeEventListener?.("unhandledrejection", onEvent)
      return reasons
    },
  }
}
