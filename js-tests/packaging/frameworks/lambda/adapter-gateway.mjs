// Acts as API Gateway for a handler. The arguments name the handler's file and the format of events: `1.0` or `2.0`.
import { createServer } from "node:http"
import { buffer } from "node:stream/consumers"
import { pathToFileURL } from "node:url"

const [file, version] = process.argv.slice(2)
const { handler } = await import(pathToFileURL(file))

const readQuery = (parameters) => {
  const multi = {}
  for (const [name, value] of parameters) multi[name] = [...(multi[name] ?? []), value]
  return {
    queryStringParameters: Object.fromEntries(parameters),
    multiValueQueryStringParameters: multi,
  }
}

const formats = {
  "1.0": ({ method, headers, headersDistinct }, { pathname, searchParams }) => ({
    httpMethod: method,
    path: pathname,
    headers,
    multiValueHeaders: headersDistinct,
    ...readQuery(searchParams),
    requestContext: { httpMethod: method, stage: "prod" },
  }),
  "2.0": ({ method, headers }, { pathname, search }) => ({
    version: "2.0",
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    requestContext: { http: { method, path: pathname } },
  }),
}

const server = createServer(async (request, response) => {
  const bytes = await buffer(request)
  const event = {
    ...formats[version](request, new URL(request.url, "http://gateway.test")),
    body: bytes.length > 0 ? bytes.toString("base64") : null,
    isBase64Encoded: bytes.length > 0,
  }
  const result = await handler(event, { awsRequestId: "1" })
  response.statusCode = result.statusCode
  for (const [name, value] of Object.entries(result.headers)) response.setHeader(name, value)
  const cookies = version === "1.0" ? result.multiValueHeaders?.["set-cookie"] : result.cookies
  if (cookies) response.setHeader("set-cookie", cookies)
  response.end(Buffer.from(result.body, result.isBase64Encoded ? "base64" : "utf8"))
})
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
