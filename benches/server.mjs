// The server that requests are sent to: answers at once, and keeps connections open. Run by Bun, for it must be faster than who asks.
// Prints its port; GET /last tells of the request before. Ends with the program that started it.

let last

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 60,
  async fetch(request) {
    if (request.method === "GET") return Response.json(last)
    last = { method: request.method, url: request.url, body: await request.text() }
    return new Response("{}", { headers: { "content-type": "application/json" } })
  },
})
console.log(server.port)
for await (const _ of Bun.stdin.stream());
process.exit()
