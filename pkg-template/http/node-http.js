// Requests over node:http and node:https, for those who pass an `http.Agent`.

/**
 * Makes a function of `fetch`'s shape that sends through node:http or node:https with an `http.Agent` (or a function of the URL that
 * gives one): for keep-alive and proxies. Instead of a `signal` it has a third parameter, which is told how to end the request. Returns
 * `undefined` on hosts without node:http.
 */
export const fetchWithAgent = (agent) => {
  // Not an import: there are hosts on which it would fail, and bundlers that would follow it.
  const builtin = globalThis.process?.getBuiltinModule
  const http = builtin?.("node:http")
  if (typeof http?.request !== "function") return undefined
  // All requests of a client go to one server.
  let server
  return (href, init, tellStop) =>
    new Promise((resolve, reject) => {
      const { method, headers, body } = init
      if (!server) {
        const { protocol, hostname, port } = new URL(href)
        // node:http wants the address of an IPv6 host bare.
        server = { protocol, hostname: hostname.replace(/[[\]]/g, ""), port }
      }
      const { request } = server.protocol === "https:" ? builtin("node:https") : http
      const path = href.slice(href.indexOf("/", 8))
      const options = {
        ...server,
        path,
        method,
        headers,
        agent: typeof agent === "function" ? agent(new URL(href)) : agent,
      }
      const sent = request(options, (message) => {
        const chunks = []
        message.on("data", (chunk) => chunks.push(chunk))
        message.on("error", reject)
        message.on("end", () => {
          const headers = []
          for (let at = 0; at < message.rawHeaders.length; at += 2) headers.push(message.rawHeaders.slice(at, at + 2))
          const body = globalThis.Buffer.concat(chunks)
          // As much of a `Response` as an exchange asks for: it makes the real one, once.
          resolve({
            status: message.statusCode,
            statusText: message.statusMessage,
            headers,
            arrayBuffer: () => body,
            text: () => body.toString(),
          })
        })
      })
      sent.on("error", reject)
      tellStop(() => sent.destroy())
      sent.end(body)
    })
}
