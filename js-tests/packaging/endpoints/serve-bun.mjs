// Serves the endpoints with Bun, each as a route. Copied into a user's project.
import { routes } from "./fetch.mjs"

const server = Bun.serve({ hostname: "127.0.0.1", port: 0, routes })
console.log(`listening on ${server.port}`)
