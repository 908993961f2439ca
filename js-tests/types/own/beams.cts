// What `require` gives of the subpath `/beams`.
import beams = require("pusher-http-wasm/beams")

const instance: beams.Beams = new beams.Beams({ instanceId: "id", secretKey: "key" })
const body: beams.PublishRequest = { web: { notification: { title: "Hello" } } }
instance.publishToUsers(["alice"], body).then(({ publishId }: beams.PublishResponse) => publishId)
// @ts-expect-error: no such member
beams.default
