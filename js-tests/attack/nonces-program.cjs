// Draws nonces by sealing events, and reports them: as a process, a fork, a worker of a cluster or a thread. Its arguments: how it runs, and how many.
const cluster = require("node:cluster")
const { Worker, isMainThread, parentPort, workerData } = require("node:worker_threads")

const Pusher = require("pusher-http-wasm")

const [mode, count, children] = isMainThread
  ? [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
  : [workerData.mode, workerData.count, 0]
const channel = "private-encrypted-a"
const nonces = []
const pusher = new Pusher({
  appId: "1",
  key: "key",
  secret: "secret",
  encryptionMasterKeyBase64: Buffer.alloc(32, 1).toString("base64"),
  fetch: async (_url, { body }) => {
    nonces.push(JSON.parse(JSON.parse(body).data).nonce)
    return new Response("{}")
  },
})
const draw = () => {
  for (let at = 0; at < count; at++) pusher.trigger(channel, "event", "x")
  return nonces.splice(0)
}

/** Starts a child of the mode, which resolves to its nonces. */
const start = () =>
  new Promise((resolve, reject) => {
    const child =
      mode === "thread"
        ? new Worker(__filename, { workerData: { mode: "draw", count } })
        : mode === "cluster"
          ? cluster.fork()
          : require("node:child_process").fork(__filename, ["draw", String(count), "0"])
    child.once("message", resolve)
    child.once("error", reject)
  })

const main = async () => {
  if (!isMainThread) return parentPort.postMessage(draw())
  if (mode === "draw" || cluster.isWorker) {
    process.send(draw())
    return process.disconnect()
  }
  if (mode === "cluster") cluster.setupPrimary({ exec: __filename, args: ["draw", String(count), "0"] })
  // There are random bytes in the pool when the others begin.
  const own = draw()
  const all = await Promise.all(Array.from({ length: children }, start))
  process.stdout.write(JSON.stringify([own, ...all, draw()]))
}
main()
