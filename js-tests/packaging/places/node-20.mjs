import { makeNodePlace } from "../runtimes/node.mjs"

// The oldest version that the package's `engines` allows.
export default makeNodePlace(20)
