import { makeBundlerPlace, serveDist } from "../bundlers/project.mjs"

const makeCommand = (...options) => ["esbuild", "--bundle", "--minify", "--log-level=warning", ...options]
const toMain = ["src/main.js", "--outfile=dist/main.js"]

export default makeBundlerPlace({
  name: "esbuild",
  tool: "esbuild",
  targets: [
    { name: "browser", command: makeCommand("--platform=browser", "--format=esm", ...toMain) },
    { name: "neutral", command: makeCommand("--platform=neutral", ...toMain) },
    { name: "Node, ESM", command: makeCommand("--platform=node", "--format=esm", ...toMain) },
    {
      name: "Node, conditions of one's own",
      // Custom conditions switch off esbuild's own `module`, so it bundles what Node imports, which is CommonJS.
      command: makeCommand("--platform=node", "--format=esm", "--conditions=own", ...toMain),
      commonJs: true,
    },
    {
      name: "Node, CommonJS",
      command: makeCommand("--platform=node", "--format=cjs", "src/main.cjs", "--outfile=dist/main.cjs"),
      commonJs: true,
    },
    {
      name: "Worker",
      serve: serveDist,
      command: makeCommand(
        "--format=esm",
        "--conditions=workerd,worker",
        "--loader:.wasm=copy",
        "--external:node:*",
        "src/worker.js",
        "--outfile=dist/main.js",
      ),
    },
  ],
})
