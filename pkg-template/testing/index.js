export { fakeChannels } from "./fake-channels.js"
export { startLocalChannels } from "./local-channels.js"
