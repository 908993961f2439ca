// `listen`: events of channels, and webhooks, as they arrive.
import { createServer } from "node:http"

import { baseUrlOf } from "../configuration.js"
import { describeWebhookEvent } from "../describe.js"
import { CommandError, UsageError } from "../errors.js"
import { listenOn } from "../ports.js"
import { connect } from "../pusher-js.js"
import { onInterrupt } from "../signals.js"

/** Who joins presence channels. */
const USER = "pusher-http-wasm-listen"
/** Codes by which a server ends a connection for good. */
const isFinal = (code) => code >= 4000 && code < 4100

export const listen = {
  name: "listen",
  summary: "Print events of channels, or webhooks, as they arrive",
  parameters: [
    {
      name: "channels",
      label: "CHANNEL",
      text: "Channels of any kind; needs pusher-js",
      isOptional: true,
      isRepeated: true,
    },
  ],
  options: [
    { name: "webhooks", label: "PORT", text: "Receive webhooks on this port of 127.0.0.1; 0 for any", isCount: true },
    { name: "count", label: "N", text: "End after N lines; otherwise Ctrl-C ends it", isCount: true },
  ],
  notes: [
    `Presence channels are joined as the user ${USER}. Webhooks from the internet need a tunnel to reach the port.`,
  ],
  example: "pusher-http-wasm listen news presence-lobby --json",
  async run({ channels, options: { webhooks: port, count = Infinity }, output, openClient }) {
    if (channels.length === 0 && port === undefined) throw new UsageError("Name a CHANNEL, or give --webhooks PORT")
    if (count === 0) throw new UsageError("--count must be 1 or more")
    const { pusher } = await openClient()
    const closers = []
    try {
      await new Promise((resolve, reject) => {
        let left = count
        closers.push(onInterrupt(resolve))
        const print = (...result) => {
          if (left <= 0) return
          output.result(...result)
          if (--left <= 0) resolve(undefined)
        }
        if (channels.length > 0) closers.push(subscribe(pusher, channels, { print, output, reject }))
        if (port !== undefined)
          takeWebhooks(pusher, port, { print, output }).then((close) => closers.push(close), reject)
      })
    } finally {
      for (const close of closers) close()
    }
  },
}

/** Prints the events of channels. Returns a function that ends it. */
const subscribe = (pusher, names, { print, output, reject }) => {
  const client = connect(pusher, USER)
  const waiting = new Set(names)
  client.connection.bind("error", ({ error }) => {
    const { code, message } = error?.data ?? {}
    if (isFinal(code)) reject(new CommandError(`The server refuses the connection: ${message} (${code})`, "refused"))
  })
  client.connection.bind("unavailable", () =>
    output.note(`No connection to ${baseUrlOf(pusher)}; trying again. Is a server running there?`),
  )
  for (const name of names) {
    const channel = client.subscribe(name)
    channel.bind("pusher:subscription_succeeded", () => {
      waiting.delete(name)
      if (waiting.size === 0) output.note(`Listening on ${names.join(", ")}`)
    })
    channel.bind("pusher:subscription_error", ({ error, status }) =>
      reject(new CommandError(`Cannot subscribe to ${name}: ${error ?? status}`, "refused")),
    )
    channel.bind_global((event, data) => {
      if (/^pusher:subscription_/.test(event)) return
      const text = typeof data === "string" ? data : JSON.stringify(data)
      print({ channel: name, event, data }, [["cyan", name], `  ${event}  `, text ?? ""])
    })
  }
  return () => client.disconnect()
}

/** Takes webhooks on a port, and prints each. Resolves to a function that ends it. */
const takeWebhooks = async (pusher, port, { print, output }) => {
  const { readWebhook } = await import("pusher-http-wasm/handlers")
  const { nodeHandler } = await import("pusher-http-wasm/node")
  const handle = async (request) => {
    try {
      const { events, time } = await readWebhook(pusher, request)
      const lines = events.map((event) => [["green", "verified  "], ...describeWebhookEvent(event)])
      print(
        { webhook: { verified: true, time, events } },
        ...(lines.length > 0 ? lines : [[["green", "verified  "], "no events"]]),
      )
      return new Response()
    } catch (/** @type {any} */ error) {
      if (error?.status === undefined) throw error
      const { reason, message } = error
      print({ webhook: { verified: false, reason, message } }, [["red", "refused   "], message])
      return new Response(message, { status: error.status })
    }
  }
  const server = createServer(nodeHandler(handle))
  output.note(`Receiving webhooks on http://127.0.0.1:${await listenOn(server, port, "--webhooks")}`)
  return () => {
    server.close()
    server.closeIdleConnections()
  }
}
