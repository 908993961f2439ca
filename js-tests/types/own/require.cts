// What `require` gives: the class itself, with everything on it.
import Pusher = require("pusher-http-wasm")

const options: Pusher.Options = { appId: "1", key: "key", secret: "secret", cluster: "eu" }
const pusher: Pusher = new Pusher(options)
const params: Pusher.TriggerParams = { socket_id: "1.1" }
pusher.trigger("channel", "event", {}, params).catch((error: Pusher.RequestError) => error.body)
const answer: Pusher.ChannelAuthResponse = pusher.authenticate("1.1", "private-a")
new Pusher.WebHook(new Pusher.Token("key", "secret"), { headers: {}, rawBody: answer.auth }).isValid()
new Pusher.Pusher(options) instanceof Pusher
// @ts-expect-error: no such member
Pusher.NoSuchThing
