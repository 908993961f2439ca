// Runs the suite in Node with `require`, which returns the class with everything else as its members.
const Pusher = require("pusher-http-wasm")
const subpaths = {
  beams: require("pusher-http-wasm/beams"),
  chunks: require("pusher-http-wasm/chunks"),
  handlers: require("pusher-http-wasm/handlers"),
  node: require("pusher-http-wasm/node"),
  testing: require("pusher-http-wasm/testing"),
}

Promise.all([import("qunit"), import("../suite/index.mjs")]).then(async ([{ default: QUnit }, { runSuite }]) => {
  const library = { ...Pusher, Pusher, default: Pusher }
  const result = await runSuite(QUnit, library, { ...JSON.parse(process.argv[2]), subpaths })
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit())
})
