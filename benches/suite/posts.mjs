// What arrived at the server of the benches (server.mjs).

/** Resolves to the POSTs since the last time, `{ method, url, body }` each. */
export const takePosts = async ({ host, port }) => (await fetch(`http://${host}:${port}/`)).json()
