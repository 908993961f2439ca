import { bundlerPlace } from "../bundlers/project.mjs"

const rollup = (config) => ["rollup", "--silent", "--failAfterWarnings", "--config", config]

export default bundlerPlace({
  name: "Rollup",
  tool: "rollup",
  settings: "rollup",
  targets: [
    { name: "browser", command: rollup("browser.config.js") },
    { name: "no particular host", command: rollup("neutral.config.js") },
    { name: "Node, ESM", command: rollup("node.config.js") },
    { name: "Node, without the plugin for CommonJS", command: rollup("node-plain.config.js") },
    { name: "Node, CommonJS", command: rollup("commonjs.config.js"), commonJs: true },
  ],
})
