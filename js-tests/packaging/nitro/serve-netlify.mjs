// Serves Netlify's edge function in Deno, as Netlify does.
import handle from "./.netlify/edge-functions/server/server.js"

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(`listening on ${port}`) }, (request) =>
  handle(request, {}),
)
