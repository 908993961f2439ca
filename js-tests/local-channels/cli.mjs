#!/usr/bin/env node
/**
 * Runs a local Channels server until SIGTERM, SIGINT, or the end of its standard input, so that it
 * never outlives the process that started it. Prints one JSON line once it listens.
 *
 *   node cli.mjs [--port 6001] [--id app-id] [--key app-key] [--secret app-secret]
 *                [--webhook http://127.0.0.1:3000/webhook]… [--ignore-stdin] [--verbose]
 */
import { parseArgs } from "node:util"

import { DEFAULT_APP } from "../../pkg-template/testing/app.js"
import { startLocalChannels } from "../../pkg-template/testing/index.js"

const { values } = parseArgs({
  options: {
    host: { type: "string", default: "127.0.0.1" },
    port: { type: "string", default: "0" },
    id: { type: "string", default: DEFAULT_APP.id },
    key: { type: "string", default: DEFAULT_APP.key },
    secret: { type: "string", default: DEFAULT_APP.secret },
    webhook: { type: "string", multiple: true, default: [] },
    "ignore-stdin": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
})

const { id, key, secret } = values
const server = await startLocalChannels({
  host: values.host,
  port: Number(values.port),
  apps: [{ id, key, secret, webhooks: values.webhook.map((url) => ({ url })) }],
  log: values.verbose ? (line) => console.error(line) : undefined,
})
console.log(JSON.stringify({ url: server.url, host: server.host, port: server.port, id, key, secret }))

const stop = async () => {
  await server.close()
  process.stdin.destroy()
}
process.once("SIGTERM", stop)
process.once("SIGINT", stop)
if (!values["ignore-stdin"]) process.stdin.on("close", stop).resume()
