// Serves a fetch-style handler on AWS Lambda.
import {
  argumentError,
  callHandler,
  checkHandler,
  makeBadRequest,
  makeHeaders,
  makeRequest,
  makeServerError,
} from "./handler.js"

/** Lists the pairs of an object's names and values; each item of a list is a value. */
const listPairs = (object) =>
  Object.entries(object ?? {}).flatMap(([name, value]) => [].concat(value ?? []).map((one) => [name, String(one)]))

/** API Gateway's REST API. Paths and queries arrive decoded. */
const readVersion1 = (event) => {
  const query = String(
    new URLSearchParams(listPairs(event.multiValueQueryStringParameters ?? event.queryStringParameters)),
  )
  return {
    method: event.httpMethod,
    path: event.path.replace(/[?#]/g, encodeURIComponent),
    query,
    headers: makeHeaders(listPairs(event.multiValueHeaders ?? event.headers)),
    writeCookies: (cookies) => ({ multiValueHeaders: { "set-cookie": cookies } }),
  }
}

/** API Gateway's HTTP API, and function URLs. */
const readVersion2 = (event, method) => {
  const headers = makeHeaders(listPairs(event.headers))
  if (event.cookies?.length > 0) headers.set("cookie", event.cookies.join("; "))
  return {
    method,
    path: event.rawPath,
    query: event.rawQueryString,
    headers,
    writeCookies: (cookies) => ({ cookies }),
  }
}

const readEvent = (event, given) => {
  const method = event.requestContext?.http?.method
  if (typeof method === "string" && typeof event.rawPath === "string") return readVersion2(event, method)
  if (typeof event.httpMethod === "string" && typeof event.path === "string") return readVersion1(event)
  throw argumentError("event", "lambdaHandler takes events of API Gateway and of function URLs", given)
}

const readBody = (event, method) => {
  const { body, isBase64Encoded } = event
  if (typeof body !== "string" || method === "GET" || method === "HEAD") return undefined
  return isBase64Encoded ? globalThis.Buffer.from(body, "base64") : new TextEncoder().encode(body)
}

/** Writes a body as text if it is UTF-8, otherwise as base64. */
const writeBody = (bytes) => {
  try {
    const body = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
    return { body, isBase64Encoded: false }
  } catch {
    return { body: globalThis.Buffer.from(bytes).toString("base64"), isBase64Encoded: true }
  }
}

const writeResult = async (response, method, writeCookies) => {
  const bytes = await response.arrayBuffer()
  const { "set-cookie": _, ...headers } = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie()
  return {
    statusCode: response.status,
    headers,
    ...(cookies.length > 0 && writeCookies(cookies)),
    ...writeBody(method === "HEAD" ? new ArrayBuffer(0) : bytes),
  }
}

/** @type {typeof import("../types/node.js").lambdaHandler} */
export const lambdaHandler = (handler) => {
  checkHandler("lambdaHandler", handler)
  return async (event, context) => {
    // Each member is read once, and none that stands on `Object.prototype`.
    const own = { __proto__: null, ...event }
    const { method, path, query, headers, writeCookies } = readEvent(own, event)
    const pending = []
    const ctx = {
      event,
      context,
      waitUntil(promise) {
        pending.push(Promise.resolve(promise).catch((error) => console.error(error)))
      },
    }
    const write = (response) => writeResult(response, method, writeCookies)
    const respond = async () => {
      const protocol = headers.get("x-forwarded-proto") === "http" ? "http" : "https"
      const host = headers.get("host") || "localhost"
      const target = query ? `${path}?${query}` : path
      const request = makeRequest(protocol, host, target, { method, headers, body: readBody(own, method) })
      return write(request ? await callHandler(handler, request, ctx) : makeBadRequest())
    }
    const result = await respond().catch((error) => {
      console.error(error)
      return write(makeServerError())
    })
    // Lambda freezes the process once there is a result. Callbacks may add to the list meanwhile.
    for (const promise of pending) await promise
    return result
  }
}
