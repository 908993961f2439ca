// The ceiling of dispatch: all that a library cannot save.
import { channelsOf, credentials, timeout } from "./inputs.mjs"

const path = `/apps/${credentials.appId}/events`

/** Returns the path, URL, body and headers of one event, signed by a client of ours. */
export const signEvent = (signer, { host, port }, data) => {
  const body = JSON.stringify({ name: "order-placed", data: JSON.stringify(data), channels: channelsOf(1) })
  const query = signer.createSignedQueryString({ method: "POST", path, body })
  const headers = { "content-type": "application/json", "x-pusher-library": "benches" }
  return { path: `${path}?${query}`, url: `http://${host}:${port}${path}?${query}`, body, headers }
}

/**
 * Sends a signed request as `trigger` does: it ends after `timeout`, follows no redirect, and gives a `Response` that can be read later, as its whole
 * body is there.
 */
export const sendWithContract = async ({ url, body, headers }) => {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeout)
  try {
    const { signal } = controller
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal })
    return new Response(await response.arrayBuffer(), response)
  } finally {
    clearTimeout(timer)
  }
}

/** Sends a signed request over an agent, by the same contract. */
export const sendOverAgent = ({ path, headers, body }, server, http, agent) =>
  new Promise((resolve, reject) => {
    const request = http.request({ ...server, path, method: "POST", headers, agent }, (response) => {
      const chunks = []
      response.on("data", (chunk) => chunks.push(chunk))
      response.on("end", () => {
        const { statusCode: status, statusMessage: statusText, headers } = response
        resolve(new Response(Buffer.concat(chunks), { status, statusText, headers }))
      })
    })
    const timer = setTimeout(() => request.destroy(new Error("The time is over")), timeout)
    request.on("error", reject)
    request.on("close", () => clearTimeout(timer))
    request.end(body)
  })
