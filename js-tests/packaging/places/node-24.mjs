import { nodePlace } from "../runtimes/node.mjs"

export default nodePlace(24)
