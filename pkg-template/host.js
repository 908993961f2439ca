// What the border needs of the host and cannot reach from wasm.

/** Calls a hook; nothing that it does can break the call that it is told of. */
export const notify = (hook, event) => {
  try {
    Promise.resolve(hook(event)).catch(() => {})
  } catch {
    // The hook's own problem.
  }
}

/** An environment variable, where the host has them and lets the program see this one. */
export const environmentVariable = (name) => {
  try {
    // Deno first: its `process` is a layer over the same, and slower to come by.
    return globalThis.Deno?.env?.get(name) ?? globalThis.process?.env?.[name]
  } catch {
    return undefined
  }
}

/**
 * A function of `fetch`'s shape that sends through node:http or node:https with an `http.Agent` (or a function of the URL
 * that gives one): for keep-alive and proxies. `undefined` on hosts without node:http.
 */
export const fetchWithAgent = (agent) => {
  // Not an import: there are hosts on which it would fail, and bundlers that would follow it.
  const builtin = globalThis.process?.getBuiltinModule
  const http = builtin?.("node:http")
  if (typeof http?.request !== "function") return undefined
  return (href, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const url = new URL(href)
      const { request } = url.protocol === "https:" ? builtin("node:https") : http
      const options = { method, headers, signal, agent: typeof agent === "function" ? agent(url) : agent }
      const sent = request(url, options, (message) => {
        const chunks = []
        message.on("data", (chunk) => chunks.push(chunk))
        message.on("error", reject)
        message.on("end", () => {
          const headers = new Headers()
          for (let at = 0; at < message.rawHeaders.length; at += 2) {
            headers.append(message.rawHeaders[at], message.rawHeaders[at + 1])
          }
          const { statusCode: status, statusMessage: statusText } = message
          const noBody = status === 204 || status === 205 || status === 304
          resolve(new Response(noBody ? null : Buffer.concat(chunks), { status, statusText, headers }))
        })
      })
      sent.on("error", reject)
      sent.end(body)
    })
}
