import { makeBundlerPlace, serveDist } from "../bundlers/project.mjs"

const makeCommand = (config) => ["webpack", "--config", config]

export default makeBundlerPlace({
  name: "webpack",
  tool: "webpack",
  settings: "webpack",
  targets: [
    { name: "browser", command: makeCommand("browser.config.js") },
    { name: "Node, ESM", command: makeCommand("node-esm.config.js") },
    { name: "Node, CommonJS", command: makeCommand("node.config.js"), commonJs: true },
    { name: "Worker", command: makeCommand("worker.config.js"), serve: serveDist },
  ],
})
