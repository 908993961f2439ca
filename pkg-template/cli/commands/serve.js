// `serve`: a Channels server on this machine, and a page that shows what happens there.
import { CommandError, UsageError } from "../errors.js"
import { refusePort } from "../ports.js"
import { onInterrupt } from "../signals.js"
import { servePage } from "../state-page.js"

const DEFAULT_PORT = 6001

export const serve = {
  name: "serve",
  summary: "Run a Channels server on this machine, with a page",
  parameters: [],
  options: [
    { name: "port", label: "PORT", text: `The server's port; ${DEFAULT_PORT} if left out, 0 for any`, isCount: true },
    { name: "page", label: "PORT", text: "The page's port; one above if left out", isCount: true },
    { name: "webhooks", label: "URL", text: "Where webhooks go" },
  ],
  common: ["json", "help"],
  notes: [
    "For development and tests: only this machine can reach the server, its app is always the same, and everyone knows its secret. " +
      "Ctrl-C ends it. Needs the package ws.",
  ],
  example: "pusher-http-wasm serve --webhooks http://127.0.0.1:3000/webhooks",
  async run({ options: { port = DEFAULT_PORT, page = port && port + 1, webhooks: url }, output }) {
    if (url !== undefined && !(/^https?:/.test(url) && URL.canParse(url)))
      throw new UsageError("--webhooks must be a URL that begins with http:// or https://")
    // Without credentials and query: they may be secrets.
    const target = url && new URL(url).origin + new URL(url).pathname
    const server = await start(port, url)
    try {
      const shown = await servePage(server, page)
      try {
        const pusherJs = pusherJsOf(server)
        output.result(
          { url: server.url, page: shown.url, ...server.env, pusherJs, webhooks: target },
          [`Channels server: ${server.url}`],
          [`Page: ${shown.url}`],
          [`PUSHER_URL=${server.env.PUSHER_URL}`],
          [`pusher-js: new Pusher(${toSource(pusherJs.key)}, ${toSource(pusherJs.options)})`],
          ...(target ? [[`Webhooks go to ${target}`]] : []),
        )
        await new Promise(onInterrupt)
      } finally {
        await shown.close()
      }
    } finally {
      await server.close()
    }
  },
}

/** Returns what pusher-js connects with: its key and options. */
const pusherJsOf = ({ options: { key }, pusherJsOptions: { wsPath: _, ...options } }) => ({ key, options })

/** Returns a value as JavaScript that can be pasted into a program. */
const toSource = (value) =>
  JSON.stringify(value, null, 1)
    .replace(/"(\w+)":/g, "$1:")
    .replace(/\[\s+/g, "[")
    .replace(/\s+\]/g, "]")
    .replace(/\n\s*/g, " ")

const start = async (port, url) => {
  const { startLocalChannels } = await import("pusher-http-wasm/testing")
  try {
    return await startLocalChannels({ port, apps: [{ webhooks: url === undefined ? [] : [{ url }] }] })
  } catch (/** @type {any} */ error) {
    if (error.code === "missing_package")
      throw new UsageError("`serve` needs ws, which is not installed here", "npm install --save-dev ws")
    if (error.code) refusePort("--port", port, error)
    throw new CommandError(error.message, "cannot_start")
  }
}
