export default {
  mode: "production",
  target: "node",
  entry: "./src/main.js",
  experiments: { outputModule: true },
  output: { filename: "main.js", module: true, chunkFormat: "module" },
  stats: "errors-warnings",
}
