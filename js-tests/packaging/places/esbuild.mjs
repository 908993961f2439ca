import { bundlerPlace, serveDist } from "../bundlers/project.mjs"

const esbuild = (...options) => ["esbuild", "--bundle", "--minify", "--log-level=warning", ...options]
const toMain = ["src/main.js", "--outfile=dist/main.js"]

export default bundlerPlace({
  name: "esbuild",
  tool: "esbuild",
  targets: [
    { name: "browser", command: esbuild("--platform=browser", "--format=esm", ...toMain) },
    { name: "neutral", command: esbuild("--platform=neutral", ...toMain) },
    { name: "Node, ESM", command: esbuild("--platform=node", "--format=esm", ...toMain) },
    {
      name: "Node, conditions of one's own",
      // Without `module`, which esbuild then looks for no more: it bundles what Node imports, and that is CommonJS.
      command: esbuild("--platform=node", "--format=esm", "--conditions=own", ...toMain),
      commonJs: true,
    },
    {
      name: "Node, CommonJS",
      command: esbuild("--platform=node", "--format=cjs", "src/main.cjs", "--outfile=dist/main.cjs"),
      commonJs: true,
    },
    {
      name: "Worker",
      serve: serveDist,
      command: esbuild(
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
