// Makes the places of webpack and of Rspack, which reads webpack's configuration.
import { makeBundlerPlace, serveDist } from "./project.mjs"

/** @param {{ name: string, tool: string, program: string }} bundler `program`: its command */
export const makeWebpackPlace = ({ name, tool, program }) => {
  const makeCommand = (config) => [program, "--config", config]
  return makeBundlerPlace({
    name,
    tool,
    settings: "webpack",
    targets: [
      { name: "browser", command: makeCommand("browser.config.js") },
      { name: "Node, ESM", command: makeCommand("node-esm.config.js") },
      { name: "Node, CommonJS", command: makeCommand("node.config.js"), commonJs: true },
      { name: "Worker", command: makeCommand("worker.config.js"), serve: serveDist },
    ],
  })
}
