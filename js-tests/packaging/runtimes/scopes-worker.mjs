// A user's Worker. Requests to /module share one client at module scope; each request to /request makes its own.
import Pusher from "pusher-http-wasm"

import { env as environment } from "cloudflare:workers"

const makeClient = (env) => Pusher.fromEnv(env, { encryptionMasterKeyBase64: env.ENCRYPTION_MASTER_KEY })
const shared = makeClient(environment)
const clients = { "/module": () => shared, "/request": makeClient }

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url)
    const name = searchParams.get("name")
    const pusher = clients[pathname](env)
    const [sent, encrypted, failure, { channels }] = await Promise.all([
      pusher.trigger(`plain-${name}`, "arrived", { name }),
      pusher.trigger(`private-encrypted-${name}`, "arrived", { name }),
      pusher.trigger(`plain-${name}`, "fault:reset", { name }).catch((error) => error),
      pusher.channels(),
    ])
    return Response.json({
      name,
      statuses: [sent.status, encrypted.status],
      failure: failure instanceof Pusher.RequestError && failure.code,
      channels,
      auth: pusher.authorizeChannel("1.2", `private-${name}`).auth,
    })
  },
}
