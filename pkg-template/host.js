// What the border needs of the host and of the caller's values. Whatever here can throw is imported with `catch`, or is an
// `async` function: an exception that passed through the module's own frames would leave what they hold behind, and in the end
// the module broken.

/** An array's items in an array of ours, which nothing of the caller's can interfere with; `undefined` for anything else. */
export const arrayOf = (value) => (Array.isArray(value) ? Array.from(value) : undefined)

/** An object's own members as `[name, value, name, value, …]`. */
export const membersOf = (object) => Object.entries(object).flat()

/** A list of attributes as one string; anything else as it is. */
export const joined = (value) => (Array.isArray(value) ? value.map(String).join() : value)

/** The bytes of an `ArrayBuffer` or of a view of one, also of another realm's; `undefined` for anything else. */
export const bytesOf = (value) => {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  const kind = Object.prototype.toString.call(value)
  return kind === "[object ArrayBuffer]" || kind === "[object SharedArrayBuffer]" ? new Uint8Array(value) : undefined
}

/** Bytes as npm `pusher` gives them: a `Buffer` where the host has such a thing. */
export const bufferOf = (bytes) => (typeof globalThis.Buffer?.from === "function" ? globalThis.Buffer.from(bytes) : bytes)

/**
 * A header of a plain object in any case, or of `Headers`. `undefined` where it stands there more than once: which of them the server
 * meant, nobody knows.
 */
export const headerOf = (headers, name) => {
  if (typeof headers?.get === "function") return headers.get(name)
  const found = []
  for (const key in headers) if (key.toLowerCase() === name) found.push(headers[key])
  const values = found.length === 1 ? found.flat() : []
  return values.length === 1 ? values[0] : undefined
}

/** The time of so many milliseconds; an invalid one for what is no number. */
export const dateOf = (milliseconds) => new Date(typeof milliseconds === "number" ? milliseconds : NaN)

/** A copy of options; headers also from `Headers` or a list of pairs. */
export const copyOf = (options) => ({ ...options })
export const headersOf = (headers) =>
  typeof headers?.[Symbol.iterator] === "function" ? Object.fromEntries(headers) : { ...headers }

/** Sends with the caller's `fetch`, or with the global one as it is now: it may have been replaced since the last call. */
export const send = async (fetch = globalThis.fetch, url, init) => {
  if (typeof fetch === "function") return fetch(url, init)
  throw new TypeError("This host has no global `fetch`: pass the `fetch` option")
}

/**
 * Reads a response's body; `undefined` where it has no such method. A test's double may have `json` alone.
 */
export const bodyOf = async (response, method) => {
  if (method === "text" && typeof response.text !== "function" && typeof response.json === "function") {
    return JSON.stringify(await response.json())
  }
  return response[method]?.()
}

/**
 * The response with its whole body, as the host's own `Response`. What has no readable body is not a response but something that
 * a caller's own `fetch` made, such as a test's double: it is theirs, and stays as it is.
 */
export const wholeOf = (response, status, body) => {
  if (body === undefined) return response
  // These may not be made with a body.
  const noBody = status === 204 || status === 205 || status === 304
  return new Response(noBody ? null : body, { status, statusText: response.statusText, headers: response.headers })
}

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
