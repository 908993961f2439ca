// Clients at module scope, thousands of overlapping requests on one isolate. What a request asks for is in its query.
import Pusher from "pusher-http-wasm"

let pusher, impatient

export default {
  async fetch(request, env, context) {
    // Only what is meant to hang may run into a timeout, however busy the machine is.
    pusher ??= Pusher.forURL(env.PUSHER_URL, { timeout: 0 })
    impatient ??= Pusher.forURL(env.PUSHER_URL, { timeout: 500 })
    const { searchParams } = new URL(request.url)
    const [id, kind] = [searchParams.get("id"), searchParams.get("kind")]
    const trigger = (options) => (kind.startsWith("hang") ? impatient : pusher).trigger("a", kind, id, options)
    try {
      switch (kind) {
        case "abort": {
          const controller = new AbortController()
          const call = trigger({ signal: controller.signal })
          controller.abort(new Error(`aborted ${id}`))
          await call
          break
        }
        case "forgotten":
          // Nobody waits, and the request is over before the answer.
          trigger().catch(() => {})
          return new Response(id)
        case "later":
          context.waitUntil(trigger())
          return new Response(id)
        case "throw":
          trigger().catch(() => {})
          throw new Error(`thrown ${id}`)
        case "sign": {
          const { auth } = pusher.authorizeChannel(`${id}.1`, `private-${id}`)
          return new Response(auth)
        }
      }
      return new Response(await (await trigger()).text())
    } catch (error) {
      const { code, status, message, body, cause } = error
      return Response.json({ id, code, status, message, body, cause: cause?.message }, { status: 500 })
    }
  },
}
