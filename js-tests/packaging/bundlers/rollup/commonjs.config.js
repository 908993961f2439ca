import commonjs from "@rollup/plugin-commonjs"
import resolve from "@rollup/plugin-node-resolve"

export default {
  input: "src/main.cjs",
  output: { file: "dist/main.cjs", format: "cjs" },
  plugins: [resolve({ exportConditions: ["node"], preferBuiltins: true }), commonjs()],
}
