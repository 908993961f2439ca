// Tells the page what pusher-js needs.
import Pusher from "pusher-http-wasm"

export const describeClient = (_request, env) => Response.json(readSettings(env))

/** Returns the settings with which pusher-js reaches the server that this Worker publishes to. */
export function readSettings(env) {
  const { token, host, port, scheme } = Pusher.fromEnv(env).config
  const key = token?.key
  const cluster = host === "api.pusherapp.com" ? "mt1" : /^api-(.+)\.pusher\.com$/.exec(host)?.[1]
  if (cluster) return { key, options: { cluster } }
  const forceTLS = scheme === "https"
  const [wsPort, wssPort] = [port ?? 80, port ?? 443]
  return { key, options: { cluster: "", wsHost: host, wsPort, wssPort, forceTLS, enabledTransports: ["ws", "wss"] } }
}
