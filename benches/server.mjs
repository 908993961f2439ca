// The server that requests are sent to: answers at once, and keeps connections open. Run by Bun, for it must be faster than who asks.
// Prints its port. GET gives the POSTs since the GET before, the latest thousand or more. Ends with the program that started it.

const KEPT = 1000
let posts = []

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 60,
  async fetch(request) {
    if (request.method === "GET") {
      const latest = posts
      posts = []
      return Response.json(latest)
    }
    if (posts.length === 2 * KEPT) posts = posts.slice(KEPT)
    posts.push({ method: request.method, url: request.url, body: await request.text() })
    return new Response("{}", { headers: { "content-type": "application/json" } })
  },
})
console.log(server.port)
for await (const _ of Bun.stdin.stream());
process.exit()
