// The same with `require`. Bytes are kept by a parser for them alone.
const express = require("express")
const { nodeHandler } = require("pusher-http-wasm/node")

const app = express()

app.use((_request, response, next) => {
  response.set("x-before", "1")
  next()
})

import("./handler.mjs").then(({ handler }) => {
  const adapted = nodeHandler(handler)
  app.use("/raw", adapted)
  app.post("/kept/echo", express.raw({ type: "application/json" }), adapted)
  app.use("/parsed", express.json(), express.urlencoded(), adapted)
  app.use((error, _request, response, _next) => {
    response.set("x-failed", error.message).status(500).end()
  })
  const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
})
