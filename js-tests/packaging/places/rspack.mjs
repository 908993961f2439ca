import { makeWebpackPlace } from "../bundlers/webpack.mjs"

export default makeWebpackPlace({ name: "Rspack", tool: "@rspack/core", program: "rspack" })
