import { makeBundlerPlace } from "../bundlers/project.mjs"

const makeCommand = (config) => ["rollup", "--silent", "--failAfterWarnings", "--config", config]

export default makeBundlerPlace({
  name: "Rollup",
  tool: "rollup",
  settings: "rollup",
  targets: [
    { name: "browser", command: makeCommand("browser.config.js") },
    { name: "no particular host", command: makeCommand("neutral.config.js") },
    { name: "Node, ESM", command: makeCommand("node.config.js") },
    { name: "Node, without the plugin for CommonJS", command: makeCommand("node-plain.config.js") },
    { name: "Node, CommonJS", command: makeCommand("commonjs.config.js"), commonJs: true },
  ],
})
