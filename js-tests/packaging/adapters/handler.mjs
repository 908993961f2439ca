// A fetch-style handler that answers with what it got, for the adapters of `pusher-http-wasm/node`. Copied into a user's project.

/** Makes a body of many chunks. */
const makeLargeBody = () => {
  let count = 0
  return new ReadableStream({
    pull(controller) {
      if (++count > 64) return controller.close()
      controller.enqueue(new Uint8Array(16_384).fill(count))
    },
  })
}

const routes = {
  echo: async (request, env, ctx) =>
    Response.json({
      method: request.method,
      path: new URL(request.url).pathname,
      query: new URL(request.url).search,
      type: request.headers.get("content-type"),
      body: await request.text(),
      isParsed: request[Symbol.for("pusher-http-wasm.parsed")] ?? false,
      scheme: env.PUSHER_SCHEME,
      members: Object.keys(ctx).sort(),
    }),
  cookies: () =>
    new Response("teapot", {
      status: 418,
      headers: [
        ["x-a", "1"],
        ["set-cookie", "a=1; Path=/"],
        ["set-cookie", "b=2"],
      ],
    }),
  empty: () => new Response(null, { status: 403 }),
  large: () => new Response(makeLargeBody()),
  async refuse(request) {
    const reader = request.body.getReader()
    await reader.read()
    await reader.cancel()
    return new Response("too large", { status: 413 })
  },
  fail() {
    throw new Error("from the handler")
  },
}

export const handler = (request, env, ctx) => routes[new URL(request.url).pathname.split("/").at(-1)](request, env, ctx)
