// The same for Bun, whose `Bun.serve` is no server of node:net.
const { serve } = Bun
Bun.serve = (options) => {
  const server = serve({ ...options, port: 0, hostname: "127.0.0.1" })
  console.log(`listening on ${server.port}`)
  return server
}
