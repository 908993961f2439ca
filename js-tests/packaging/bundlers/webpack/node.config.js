export default {
  mode: "production",
  target: "node",
  entry: "./src/main.cjs",
  output: { filename: "main.cjs" },
  stats: "errors-warnings",
}
