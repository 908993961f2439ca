import { makeBundlerPlace, serveDist } from "../bundlers/project.mjs"

const makeCommand = (config) => ["rspack", "--config", config]

export default makeBundlerPlace({
  name: "Rspack",
  tool: "@rspack/core",
  // Rspack reads webpack's configuration.
  settings: "webpack",
  targets: [
    { name: "browser", command: makeCommand("browser.config.js") },
    { name: "Node, ESM", command: makeCommand("node-esm.config.js") },
    { name: "Node, CommonJS", command: makeCommand("node.config.js"), commonJs: true },
    { name: "Worker", command: makeCommand("worker.config.js"), serve: serveDist },
  ],
})
