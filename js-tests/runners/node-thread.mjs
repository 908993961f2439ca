// Runs the suite in a worker thread of Node, which node-threads.mjs starts.
import { createRequire } from "node:module"
import { parentPort, workerData } from "node:worker_threads"

import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

const requireLibrary = () => {
  const Pusher = createRequire(import.meta.url)("pusher-http-wasm")
  return { ...Pusher, Pusher, default: Pusher }
}
const library = workerData === "require" ? requireLibrary() : await import("pusher-http-wasm")
parentPort.postMessage(await runSuite(QUnit, library, JSON.parse(process.argv[2])))
