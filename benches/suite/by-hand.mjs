// A client as authors of Workers write it by hand, without a library: WebCrypto and `fetch`, and no checks of what it is given.
import { timeout } from "./inputs.mjs"

const HMAC = { name: "HMAC", hash: "SHA-256" }
const encoder = new TextEncoder()
const toHex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("")
const fromHex = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16))

/** WebCrypto has MD5 on workerd alone. */
const hasMd5 = globalThis.navigator?.userAgent === "Cloudflare-Workers"
const nodeCrypto = hasMd5 ? undefined : globalThis.process.getBuiltinModule("node:crypto")
const md5 = hasMd5
  ? async (text) => toHex(await crypto.subtle.digest("MD5", encoder.encode(text)))
  : (text) => nodeCrypto.createHash("md5").update(text).digest("hex")

/** Takes the libraries' options. All its methods are asynchronous. */
export class ByHand {
  #options
  /** A promise: WebCrypto imports a key once, when it is first needed. */
  #imported

  constructor({ fetch: send = (...given) => fetch(...given), ...options }) {
    this.#options = { ...options, send }
  }

  get #key() {
    const secret = encoder.encode(this.#options.secret)
    this.#imported ??= crypto.subtle.importKey("raw", secret, HMAC, false, ["sign", "verify"])
    return this.#imported
  }

  async sign(text) {
    return toHex(await crypto.subtle.sign("HMAC", await this.#key, encoder.encode(text)))
  }

  async authorizeChannel(socketId, channel, member) {
    const { key } = this.#options
    if (member === undefined) return { auth: `${key}:${await this.sign(`${socketId}:${channel}`)}` }
    const channel_data = JSON.stringify(member)
    return { auth: `${key}:${await this.sign(`${socketId}:${channel}:${channel_data}`)}`, channel_data }
  }

  async authenticateUser(socketId, user) {
    const user_data = JSON.stringify(user)
    return { auth: `${this.#options.key}:${await this.sign(`${socketId}::user::${user_data}`)}`, user_data }
  }

  /** Resolves to a webhook's events; to `false`, if it is forged. */
  async readWebhook({ headers, rawBody }) {
    const signature = fromHex(headers["x-pusher-signature"])
    const isGenuine =
      headers["x-pusher-key"] === this.#options.key &&
      (await crypto.subtle.verify("HMAC", await this.#key, signature, encoder.encode(rawBody)))
    return isGenuine && JSON.parse(rawBody).events
  }

  trigger(channels, name, data) {
    return this.#post("events", { name, data: JSON.stringify(data), channels })
  }

  triggerBatch(events) {
    return this.#post("batch_events", {
      batch: events.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    })
  }

  async signedQuery(method, path, body) {
    const now = Math.floor(Date.now() / 1000)
    const query = `auth_key=${this.#options.key}&auth_timestamp=${now}&auth_version=1.0&body_md5=${await md5(body)}`
    return `${query}&auth_signature=${await this.sign(`${method}\n${path}\n${query}`)}`
  }

  /** Resolves to the answer's body. */
  async #post(endpoint, value) {
    const { appId, host, port, send } = this.#options
    const path = `/apps/${appId}/${endpoint}`
    const body = JSON.stringify(value)
    const query = await this.signedQuery("POST", path, body)
    // Not `AbortSignal.timeout`, whose timers would stay for ten seconds each: thousands at once here.
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeout)
    try {
      const response = await send(`http://${host}:${port}${path}?${query}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: controller.signal,
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${response.status} ${text}`)
      return text
    } finally {
      clearTimeout(timer)
    }
  }
}
