import { makeNodePlace } from "../runtimes/node.mjs"

export default makeNodePlace(26)
