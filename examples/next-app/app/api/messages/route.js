export { postMessage as POST } from "../../../channels.js"
