export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "main.js" },
  stats: "errors-warnings",
}
