export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "main.js" },
  stats: "errors-warnings",
  // webpack warns of every file for a page that is larger than 244 KiB uncompressed, and the module as text is.
  performance: { hints: false },
}
