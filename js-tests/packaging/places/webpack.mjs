import { makeWebpackPlace } from "../bundlers/webpack.mjs"

export default makeWebpackPlace({ name: "webpack", tool: "webpack", program: "webpack" })
