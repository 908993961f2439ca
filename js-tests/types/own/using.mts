// `using`, where the program's `lib` has it.
import Pusher, { Token } from "pusher-http-wasm"

using pusher = Pusher.forCluster("eu", { appId: "1", key: "key", secret: "secret" })
using token = new Token("key", "secret")
using webhook = pusher.webhook({ headers: {}, rawBody: token.sign("") })
webhook.isValid()
