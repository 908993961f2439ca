// Makes mistakes on purpose, to show the errors that a developer sees.
import Pusher from "pusher-http-wasm"

import { BadRequest, readJson } from "./requests.js"

const event = ["greeting", { text: "This will not arrive" }]

/** Each gets the options of the right client, and makes one mistake. */
const mistakes = {
  secret: (options) => new Pusher({ ...options, secret: "not-the-secret" }).trigger("demo", ...event),
  // No server listens on port 1.
  server: (options) => new Pusher({ ...options, port: 1, retry: false }).trigger("demo", ...event),
  channel: (options) => new Pusher(options).trigger("my channel", ...event),
  size: (options) => new Pusher(options).trigger("demo", "greeting", { text: "x".repeat(20_000) }),
  encryption: (options) => new Pusher(options).trigger("private-encrypted-demo", ...event),
}

/** Makes the mistake of `{ "kind" }`, and answers with the error. */
export async function makeMistake(request, env) {
  const { kind } = await readJson(request)
  if (!Object.hasOwn(mistakes, kind)) throw new BadRequest(`kind must be one of ${Object.keys(mistakes).join(", ")}`)
  const { appId, token, scheme, host, port } = Pusher.fromEnv(env).config
  try {
    await mistakes[kind]({ appId, key: token?.key, secret: token?.secret, scheme, host, port })
    return Response.json({ error: null })
  } catch (error) {
    // Demo only: in production, log these and tell the page nothing.
    const { name, code, status, message, hint } = error
    return Response.json({ error: { name, code, status, message, hint } })
  }
}
