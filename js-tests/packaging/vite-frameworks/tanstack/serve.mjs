// Serves the built server on Node.
import { createServer } from "node:http"
import { buffer } from "node:stream/consumers"

import server from "./dist/server/server.js"

const http = createServer(async (request, response) => {
  const url = `http://${request.headers.host}${request.url}`
  const { method, headers } = request
  const answer = await server.fetch(new Request(url, { method, headers, body: await buffer(request) }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
})
http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}`))
