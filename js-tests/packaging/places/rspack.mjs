import { bundlerPlace, serveDist } from "../bundlers/project.mjs"

const rspack = (config) => ["rspack", "--config", config]

export default bundlerPlace({
  name: "Rspack",
  tool: "@rspack/core",
  settings: "rspack",
  targets: [
    { name: "browser", command: rspack("browser.config.js") },
    { name: "Node, ESM", command: rspack("node-esm.config.js") },
    { name: "Node, CommonJS", command: rspack("node.config.js"), commonJs: true },
    { name: "Worker", command: rspack("worker.config.js"), serve: serveDist },
  ],
})
