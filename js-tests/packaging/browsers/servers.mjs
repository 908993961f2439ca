// Servers on this machine for pages: their files, and a proxy between the page and the Channels server.
import { once } from "node:events"
import { createServer, request as send } from "node:http"
import { text } from "node:stream/consumers"

const listen = async (server) => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address()
  const close = async () => {
    const ended = once(server, "close")
    server.close()
    server.closeAllConnections()
    await ended
  }
  return { port, url: `http://127.0.0.1:${port}`, close }
}

/**
 * Serves texts from memory.
 *
 * @param {Record<string, { type: string, body: string, headers?: Record<string, string> }>} files by path
 * @param {(body: string) => void} [onPost] is called with the body of each POST
 */
export const serveFiles = (files, onPost) =>
  listen(
    createServer(async (request, response) => {
      if (request.method === "POST") {
        onPost(await text(request))
        return response.end()
      }
      const file = files[request.url]
      if (!file) return response.writeHead(404).end()
      response.writeHead(200, { "content-type": file.type, ...file.headers }).end(file.body)
    }),
  )

/**
 * Starts a proxy that adds the CORS headers that pages need to talk to a Channels server, which sends none. Passes everything else through
 * unchanged, misbehaviour included.
 */
export async function allowOrigins({ host, port }) {
  const preflights = []
  const allow = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" }
  const server = await listen(
    createServer((request, response) => {
      if (request.method === "OPTIONS") {
        preflights.push(request.headers)
        const { "access-control-request-headers": headers = "", "access-control-request-method": methods } =
          request.headers
        response
          .writeHead(204, {
            ...allow,
            "access-control-allow-headers": headers,
            "access-control-allow-methods": methods,
          })
          .end()
        return
      }
      const { method, url, headers } = request
      let isComplete = () => false
      const upstream = send({ host, port, method, path: url, headers }, (answer) => {
        isComplete = () => answer.complete
        response.writeHead(answer.statusCode, answer.statusMessage, { ...answer.headers, ...allow })
        answer.on("error", () => response.destroy())
        answer.pipe(response)
      })
      // After a whole answer there may be more than it announced.
      upstream.on("error", () => isComplete() || response.destroy())
      upstream.on("upgrade", () => response.destroy())
      response.on("close", () => upstream.destroy())
      request.pipe(upstream)
    }),
  )
  return { ...server, preflights }
}
