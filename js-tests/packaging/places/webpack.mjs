import { bundlerPlace, serveDist } from "../bundlers/project.mjs"

const webpack = (config) => ["webpack", "--config", config]

export default bundlerPlace({
  name: "webpack",
  tool: "webpack",
  settings: "webpack",
  targets: [
    { name: "browser", command: webpack("browser.config.js") },
    { name: "Node, ESM", command: webpack("node-esm.config.js") },
    { name: "Node, CommonJS", command: webpack("node.config.js"), commonJs: true },
    { name: "Worker", command: webpack("worker.config.js"), serve: serveDist },
  ],
})
