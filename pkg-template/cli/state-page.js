// The page of `serve`: the channels of the embedded server, and the last requests and webhooks.
import { createServer } from "node:http"

import { listenOn } from "./ports.js"

/** How many requests and webhooks are kept and shown. */
const SHOWN = 50
/** Marks the requests that the page itself causes. */
const MARK = "x-pusher-http-wasm-page"

/** Removes what the page does not show from the lists, which the server makes longer and longer. */
const trim = ({ requests, webhookDeliveries }) => {
  const others = requests.filter(({ headers }) => !(MARK in headers))
  requests.splice(0, Infinity, ...others.slice(-SHOWN))
  webhookDeliveries.splice(0, Math.max(0, webhookDeliveries.length - SHOWN))
}

/** Returns what the page shows. */
const readState = async (server, pusher) => {
  const { channels } = await pusher.channels({ info: "subscription_count" })
  return {
    channels: Object.entries(channels).map(([name, { subscription_count: count }]) => ({ name, count })),
    requests: server.requests.map(({ method, path, body, response }) => {
      const { status, body: answer } = response ?? {}
      return { method, path, status, body, error: status >= 400 ? answer : undefined }
    }),
    webhooks: server.webhookDeliveries.map(({ url, outcome, events }) => ({ url, outcome, events })),
  }
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Channels on this machine</title>
<style>
  :root { color-scheme: light dark; --dim: color-mix(in srgb, CanvasText 60%, Canvas); --bad: light-dark(#b3261e, #ff8a80) }
  body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 64rem; padding: 0 1rem }
  h1 { font-size: 1.4rem }
  h2 { font-size: 1rem; margin: 2rem 0 .4rem }
  ol { list-style: none; margin: 0; padding: 0 }
  li { border-top: 1px solid #8884; padding: .35rem 0; display: flex; flex-wrap: wrap; gap: 0 1rem; overflow-wrap: anywhere }
  li > :first-child { flex: none; max-width: 100% }
  code { font: 13px/1.55 ui-monospace, monospace; flex-basis: 100%; white-space: pre-wrap; max-height: 8rem; overflow: auto; color: var(--dim) }
  .dim { color: var(--dim) }
  .bad { color: var(--bad) }
</style>
<h1>Channels on this machine</h1>
<p id="away" class="bad" hidden>The server does not answer. Has it ended?</p>
<h2>Occupied channels</h2><ol id="channels"></ol>
<h2>Requests, newest first</h2><ol id="requests"></ol>
<h2>Webhooks, newest first</h2><ol id="webhooks"></ol>
<script>
  const make = (tag, className, textContent) => Object.assign(document.createElement(tag), { className, textContent })
  const row = (...cells) => {
    const li = document.createElement("li")
    li.append(...cells)
    return li
  }
  const fill = (id, rows) =>
    document.getElementById(id).replaceChildren(...(rows.length > 0 ? rows : [row(make("span", "dim", "none yet"))]))
  const parse = (text) => {
    try {
      return JSON.parse(text)
    } catch {}
  }
  // A line for each event that a request publishes.
  const readEvents = (body) => {
    const request = parse(body)
    const events = request?.batch ?? (request?.name === undefined ? [] : [request])
    if (!Array.isArray(events)) return []
    return events.map(({ name, data, channel, channels }) => [channels ?? channel].flat().join(", ") + "  " + name + "  " + data)
  }
  const showRequest = ({ method, path, status, body, error }) => {
    const lines = status < 400 ? readEvents(body) : []
    const text = lines.length > 0 ? lines.join("\\n") : body === "{}" ? "" : body
    const cells = [make("b", "", method + " " + path), make("span", status < 400 ? "dim" : "bad", status ?? "no answer")]
    if (error) cells.push(make("span", "bad", error))
    if (text) cells.push(make("code", "", text))
    return row(...cells)
  }
  const showWebhook = ({ url, outcome, events }) =>
    row(
      make("b", "", events.map(({ name }) => name).join(", ")),
      make("span", outcome === "failed" ? "bad" : "dim", outcome + " to " + url),
      make("code", "", events.map((event) => JSON.stringify(event)).join("\\n")),
    )
  let shown
  const show = async () => {
    const away = document.getElementById("away")
    try {
      const answer = await fetch("state")
      const text = await answer.text()
      away.hidden = answer.ok
      // What is selected or scrolled stays, while nothing happens.
      if (answer.ok && text !== shown) {
        const { channels, requests, webhooks } = JSON.parse(text)
        fill("channels", channels.map(({ name, count }) => row(make("b", "", name), make("span", "dim", count + (count === 1 ? " subscription" : " subscriptions")))))
        fill("requests", requests.reverse().map(showRequest))
        fill("webhooks", webhooks.reverse().map(showWebhook))
        shown = text
      }
    } catch {
      away.hidden = false
    }
    setTimeout(show, 1000)
  }
  show()
</script>
</html>
`

/** Serves the page. Resolves to its `url`, and a function that ends it. */
export const servePage = async (server, port) => {
  const { default: Pusher } = await import("pusher-http-wasm")
  const [{ id: appId, key, secret }] = server.apps
  const place = { host: server.host, port: server.port, useTLS: false }
  const pusher = new Pusher({ appId, key, secret, ...place, headers: { [MARK]: "1" } })
  // At each request, whether or not anybody looks at the page.
  server.intercept(() => trim(server))
  const policy = "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
  const answer = async (url, host) => {
    // A page of another name that leads here is a stranger's.
    if (host !== new URL(page.url).host && host !== `localhost:${listening}`)
      return { status: 403, type: "text/plain", body: `The page is at ${page.url}` }
    if (url === "/") return { status: 200, type: "text/html", body: PAGE }
    if (url === "/state")
      return { status: 200, type: "application/json", body: JSON.stringify(await readState(server, pusher)) }
    return { status: 404, type: "text/plain", body: "Not found" }
  }
  const http = createServer(async (request, response) => {
    const { status, type, body } = await answer(request.url, request.headers.host).catch(() => ({
      status: 500,
      type: "text/plain",
      body: "The server does not answer",
    }))
    const headers = {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": policy,
      "cache-control": "no-store",
    }
    response.writeHead(status, headers).end(body)
  })
  const listening = await listenOn(http, port, "--page")
  const page = {
    url: `http://127.0.0.1:${listening}`,
    close: () => {
      const ended = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      return ended
    },
  }
  return page
}
