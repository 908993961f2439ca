import { createHash, createHmac } from "node:crypto"
import { createServer, request as httpRequest } from "node:http"

import Pusher from "pusher"
import PusherJs from "pusher-js"
import { WebSocket } from "ws"

import { startLocalChannels } from "../../../pkg-template/testing/index.js"

export const MASTER_KEY = Buffer.alloc(32, 7).toString("base64")

/** Starts a server that ends with the test. */
export async function serve(t, options) {
  const server = await startLocalChannels(options)
  t.after(() => server.close())
  return server
}

/** Makes a client of the official server library for the first app or another. */
export function makePublisher(server, app = server.apps[0]) {
  const { id: appId, key, secret } = app
  const { host, port } = server
  return new Pusher({ appId, key, secret, host, port, useTLS: false, encryptionMasterKeyBase64: MASTER_KEY })
}

/**
 * Connects the official client, authorised by the official server library.
 *
 * @param {{ userId?: string, userInfo?: object, watchlist?: string[], secret?: string }} [options]
 *   `secret`: a wrong one to authorise with
 */
export async function connectSubscriber(t, server, { userId, userInfo, watchlist, secret } = {}) {
  const [app] = server.apps
  const backend = makePublisher(server, secret === undefined ? app : { ...app, secret })
  const client = new PusherJs(app.key, {
    wsHost: server.host,
    wsPort: server.port,
    forceTLS: false,
    enabledTransports: ["ws"],
    cluster: "x",
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, callback) => {
        const member =
          channelName.startsWith("presence-") && userId ? { user_id: userId, user_info: userInfo } : undefined
        callback(null, backend.authorizeChannel(socketId, channelName, member))
      },
    },
    userAuthentication: {
      customHandler: ({ socketId }, callback) => {
        callback(null, backend.authenticateUser(socketId, { id: userId, user_info: userInfo, watchlist }))
      },
    },
  })
  t.after(() => client.disconnect())
  await once(client.connection, "connected")
  return client
}

/**
 * Lets the process end in spite of pusher-js's timers. Refused by the server (4009), its WebSocket
 * closes a second time and then waits 30 s for an answer to that.
 */
export function unrefTimers(t) {
  const { setTimeout: real } = globalThis
  t.mock.method(globalThis, "setTimeout", (...args) => real(...args).unref())
}

/** Waits for the first `event` of anything with pusher-js's `bind`. */
export function once(emitter, event) {
  return new Promise((resolve) => {
    const handler = (data, metadata) => {
      emitter.unbind(event, handler)
      resolve(metadata?.user_id === undefined ? data : { data, userId: metadata.user_id })
    }
    emitter.bind(event, handler)
  })
}

/** Subscribes with pusher-js and waits for the server's confirmation. */
export async function subscribe(client, name) {
  const channel = client.subscribe(name)
  await once(channel, "pusher:subscription_succeeded")
  return channel
}

/** Connects a bare WebSocket, which can send what pusher-js never would. */
export async function connectRaw(t, server, path = `/app/${server.apps[0].key}?protocol=7`) {
  const socket = new WebSocket(`ws://${server.host}:${server.port}${path}`)
  t.after(() => socket.terminate())
  const unseen = []
  const waiting = []
  const match = () => {
    for (const wait of [...waiting]) {
      const index = unseen.findIndex(wait.wanted)
      if (index < 0) continue
      waiting.splice(waiting.indexOf(wait), 1)
      wait.resolve(unseen.splice(index, 1)[0])
    }
  }
  socket.on("message", (text) => {
    const message = JSON.parse(text.toString())
    unseen.push({ ...message, data: typeof message.data === "string" ? tryJson(message.data) : message.data })
    match()
  })
  const take = (wanted) =>
    new Promise((resolve) => {
      waiting.push({ wanted, resolve })
      match()
    })
  const client = {
    closed: new Promise((resolve) =>
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() })),
    ),
    next: (event) => take((message) => message.event === event),
    nextOfAny: () => take(() => true),
    send: (event, data, channel) => socket.send(JSON.stringify({ event, data, channel })),
    sendText: (text) => socket.send(text),
    socket,
  }
  const first = await client.nextOfAny()
  return Object.assign(client, { first, socketId: first.data?.socket_id })
}

function tryJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Makes the signed data of a raw client's subscription to a private or presence channel. */
export function signSubscription(app, socketId, channel, channelData) {
  const toSign = [socketId, channel, ...(channelData === undefined ? [] : [channelData])].join(":")
  return { channel, auth: `${app.key}:${hmac(app.secret, toSign)}`, channel_data: channelData }
}

export function hmac(secret, text) {
  return createHmac("sha256", secret).update(text).digest("hex")
}

/**
 * Sends an API request that is signed here, not by a library. Every part of it can be changed.
 *
 * @returns {Promise<{ status: number, text: string, json: any, headers: object }>}
 */
export function sendSigned(
  server,
  method,
  path,
  { params = {}, body, app = server.apps[0], change = {}, signPath = path, raw, headers } = {},
) {
  const text = typeof body === "string" || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body)
  const signed = {
    auth_key: app.key,
    auth_timestamp: String(Math.floor(Date.now() / 1000)),
    auth_version: "1.0",
    ...(text ? { body_md5: createHash("md5").update(text).digest("hex") } : {}),
    ...params,
    ...change,
  }
  for (const [name, value] of Object.entries(signed)) if (value === undefined) delete signed[name]
  const pairs = Object.entries(signed).map(([name, value]) => [name.toLowerCase(), value])
  const query = pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&")
  signed.auth_signature ??= hmac(app.secret, `${method}\n${signPath}\n${query}`)
  return send(server, method, raw ?? `${path}?${new URLSearchParams(signed)}`, text, headers)
}

/** Sends an HTTP request with the path exactly as given. */
export function send(server, method, path, body, headers) {
  return new Promise((resolve, reject) => {
    const { host, port } = server
    const request = httpRequest({ host, port, method, path, headers, agent: false }, (response) => {
      let text = ""
      response
        .setEncoding("utf8")
        .on("data", (chunk) => {
          text += chunk
        })
        .on("error", reject)
      response.on("end", () => {
        const { statusCode: status, headers } = response
        resolve({
          status,
          headers,
          text,
          json: headers["content-type"] === "application/json" ? JSON.parse(text) : undefined,
        })
      })
    })
    request.on("error", reject)
    request.end(body)
  })
}

/** Starts a webhook endpoint that answers its first requests with `statuses`, and all others with 200. */
export async function startReceiver(t, { statuses = [] } = {}) {
  const received = []
  const answers = [...statuses]
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ headers: request.headers, rawBody: Buffer.concat(chunks).toString() })
    const status = answers.shift() ?? 200
    if (status === "reset") request.socket.resetAndDestroy()
    else response.writeHead(status).end()
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const events = () => received.flatMap(({ rawBody }) => JSON.parse(rawBody).events)
  return { url: `http://127.0.0.1:${server.address().port}/webhook`, received, events }
}

/** Makes a `schedule` that the test controls: `await next(ms)` resolves to the timer with that delay. */
export function makeManualSchedule() {
  const scheduled = []
  let wake = () => {}
  const schedule = (callback, ms) => {
    const entry = {
      ms,
      fire: () => {
        remove(entry)
        return callback()
      },
    }
    scheduled.push(entry)
    wake()
    return () => remove(entry)
  }
  const remove = (entry) => scheduled.includes(entry) && scheduled.splice(scheduled.indexOf(entry), 1)
  const next = async (ms) => {
    for (;;) {
      const entry = scheduled.find((candidate) => candidate.ms === ms)
      if (entry) return entry
      await new Promise((resolve) => {
        wake = resolve
      })
    }
  }
  return { schedule, scheduled, next }
}
