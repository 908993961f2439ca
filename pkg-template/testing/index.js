export { startLocalChannels } from "./local-channels.js"
