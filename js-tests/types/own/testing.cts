// What `require` gives of the subpath `/testing`.
import Pusher = require("pusher-http-wasm")
import testing = require("pusher-http-wasm/testing")

const fake: testing.FakeChannels = testing.fakeChannels()
new Pusher(fake.options)
testing.startLocalChannels() satisfies Promise<testing.LocalChannels>
// @ts-expect-error: no such member
testing.default
