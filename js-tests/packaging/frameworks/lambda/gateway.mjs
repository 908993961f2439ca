// Acts as API Gateway for a handler: turns requests into events of format 2.0, and the handler's results into answers. The arguments name
// the handler's file and the encoding of bodies, `base64` or `text`.
import { createServer } from "node:http"
import { buffer } from "node:stream/consumers"
import { pathToFileURL } from "node:url"

const [file, encoding] = process.argv.slice(2)
const { handler } = await import(pathToFileURL(file))

const server = createServer(async (request, response) => {
  const bytes = await buffer(request)
  const isBase64Encoded = encoding === "base64"
  const { pathname, search } = new URL(request.url, "http://gateway.test")
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: request.headers,
    requestContext: { http: { method: request.method, path: pathname, sourceIp: "127.0.0.1" }, timeEpoch: Date.now() },
    body: bytes.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  }
  try {
    const { statusCode, headers, body } = await handler(event, {
      awsRequestId: "1",
      callbackWaitsForEmptyEventLoop: false,
    })
    response.writeHead(statusCode, headers).end(body)
  } catch (error) {
    console.error(error)
    response.writeHead(500, { "content-type": "application/json" }).end('{"message":"Internal Server Error"}')
  }
})
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
