// Serves the endpoints with Deno. Copied into a user's project.
import endpoints from "./fetch.mjs"

Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(`listening on ${port}`) },
  endpoints.fetch,
)
