// Serves a fetch-style handler with Fastify: without parsers, behind parsers, and behind one that keeps the bytes.
import Fastify from "fastify"
import { nodeHandler } from "pusher-http-wasm/node"

import { handler } from "./handler.mjs"

const app = Fastify()
const adapted = nodeHandler(handler)

app.addHook("onRequest", async (_request, reply) => {
  reply.header("x-before", "1")
})
app.setErrorHandler((error, _request, reply) => reply.header("x-failed", error.message).code(500).send())

app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(body))),
)
app.post("/parsed/*", adapted)

app.register(async (kept) => {
  kept.removeContentTypeParser("application/json")
  kept.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body))
  kept.post("/kept/*", adapted)
})

// A context without parsers. The stream may be passed on as the body, or left out.
app.register(async (raw) => {
  raw.removeAllContentTypeParsers()
  raw.addContentTypeParser("*", (_request, _stream, done) => done(null))
  raw.addContentTypeParser("text/plain", (_request, stream, done) => done(null, stream))
  raw.route({ method: ["GET", "POST"], url: "/raw/*", handler: adapted })
})

await app.listen({ host: "127.0.0.1", port: 0 })
console.log(`listening on ${app.server.address().port}`)
