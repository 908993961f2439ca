// The page of `serve`: the channels of the embedded server, and the last requests and webhooks.
import { createServer } from "node:http"

import { UsageError } from "./errors.js"

/** How many requests and webhooks are kept and shown. */
const SHOWN = 50
/** Marks the requests that the page itself causes. */
const MARK = "x-pusher-http-wasm-page"

/** Removes the first of a list that the server makes longer and longer. */
const trim = (list) => void list.splice(0, Math.max(0, list.length - SHOWN))

/** Returns what the page shows. */
const readState = async (server, pusher) => {
  const own = new Set(server.requests.filter(({ headers }) => MARK in headers))
  const requests = server.requests.filter((request) => !own.has(request))
  server.requests.splice(0, Infinity, ...requests)
  trim(server.requests)
  trim(server.webhookDeliveries)
  const { channels } = await pusher.channels({ info: "subscription_count" })
  return {
    channels: Object.entries(channels).map(([name, { subscription_count: count }]) => ({ name, count })),
    requests: requests
      .slice(-SHOWN)
      .map(({ method, path, body, response }) => ({ method, path, status: response?.status, body })),
    webhooks: server.webhookDeliveries.map(({ url, outcome, events }) => ({ url, outcome, events })),
  }
}

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Channels on this machine</title>
<style>
  body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color-scheme: light dark }
  table { border-collapse: collapse; width: 100% }
  td { border-top: 1px solid #8884; padding: .2em .6em; vertical-align: top; overflow-wrap: anywhere }
</style>
<h1>Channels on this machine</h1>
<h2>Occupied channels</h2><table id="channels"></table>
<h2>Requests</h2><table id="requests"></table>
<h2>Webhooks</h2><table id="webhooks"></table>
<script>
  const fill = (id, rows) => {
    const cells = (row) => {
      const tr = document.createElement("tr")
      for (const value of row) tr.append(Object.assign(document.createElement("td"), { textContent: value ?? "" }))
      return tr
    }
    document.getElementById(id).replaceChildren(...(rows.length > 0 ? rows : [["none"]]).map(cells))
  }
  const show = async () => {
    try {
      const { channels, requests, webhooks } = await (await fetch("state")).json()
      fill("channels", channels.map(({ name, count }) => [name, count]))
      fill("requests", requests.reverse().map(({ method, path, status, body }) => [method, path, status, body]))
      fill("webhooks", webhooks.reverse().map(({ url, outcome, events }) => [url, outcome, JSON.stringify(events)]))
    } catch {}
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
  const policy = "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
  const answer = async (url, host) => {
    // A page of another name that leads here is a stranger's.
    if (host !== new URL(page.url).host) return { status: 403, type: "text/plain", body: "Not here" }
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
  await new Promise((resolve, reject) => {
    const fail = (error) => reject(new UsageError(`Cannot listen on --page: ${error.code}`))
    http.once("error", fail).listen(port, "127.0.0.1", () => resolve(http.off("error", fail)))
  })
  const address = /** @type {import("node:net").AddressInfo} */ (http.address())
  const page = {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      const ended = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      return ended
    },
  }
  return page
}
