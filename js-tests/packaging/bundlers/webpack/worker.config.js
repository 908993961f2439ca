import { readFileSync } from "node:fs"
import { basename, join } from "node:path"

// In a Worker, the import of a .wasm file stays an import, and the file goes along.
const modules = new Map()
const keepModules = ({ context, request }, callback) => {
  if (!request.endsWith(".wasm")) return callback()
  modules.set(basename(request), join(context, request))
  callback(null, `module ./${basename(request)}`)
}
const emitModules = (compiler) => {
  const { RawSource } = compiler.webpack.sources
  compiler.hooks.thisCompilation.tap("modules", (compilation) =>
    compilation.hooks.processAssets.tap("modules", () => {
      for (const [name, path] of modules) compilation.emitAsset(name, new RawSource(readFileSync(path)))
    }),
  )
}

export default {
  mode: "production",
  target: "webworker",
  entry: "./src/worker.js",
  resolve: { conditionNames: ["workerd", "worker", "import"] },
  experiments: { outputModule: true },
  output: { filename: "main.js", library: { type: "module" } },
  externals: [keepModules],
  plugins: [emitModules],
  // The suite in the Worker is larger than what webpack recommends.
  performance: { hints: false },
  stats: "errors-warnings",
}
