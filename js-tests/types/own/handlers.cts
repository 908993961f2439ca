// What `require` gives of the subpath `/handlers`.
import Pusher = require("pusher-http-wasm")
import handlers = require("pusher-http-wasm/handlers")

const handler: handlers.Handler = handlers.channelAuthHandler(Pusher.fromEnv, () => true)
handlers.webhookHandler(new Pusher({ appId: "1", key: "key", secret: "secret" }), { "*": ({ name }) => name })
handler satisfies (request: Request) => Promise<Response>
// @ts-expect-error: no such member
handlers.default
