// The upstream, a process of its own: the embedded server, which fails as each call's plan says, writes down what it accepts, and dies when it
// is told to. The one who started it speaks to it by messages.
import diagnostics from "node:diagnostics_channel"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { makeFault } from "../support/faults.mjs"
import { callOf } from "./events.mjs"
import { Ledger, TROUBLES } from "./ledger.mjs"
import { makeCall } from "./plan.mjs"

/** @type {{ order: import("./plan.mjs").Order, port: number, ledger: string }} */
const { order, port, ledger: path } = JSON.parse(process.argv[2])
/** What a balancer answers while no server behind it is ready. */
const STARTING = { status: 503, headers: { "retry-after": "0" }, body: "starting" }

const ledger = new Ledger(path)
/** All connections, those of API requests among them, and requests whose client may still wait. */
const [sockets, apiSockets, exchanges] = [new Set(), new Set(), new Set()]
let [clock, isReady, isDying, arrivals] = [0, false, false, 0]
/** What happens at which arrival. @type {Map<number, () => void>} */
const due = new Map()
let resetEvery = Infinity

const keepWhileOpen = (set, socket) => {
  set.add(socket)
  socket.once("close", () => set.delete(socket))
}
diagnostics.subscribe("net.server.socket", ({ socket }) => keepWhileOpen(sockets, socket))
diagnostics.subscribe("http.server.request.start", ({ socket, server }) => {
  // A connection that the server closes while the client sends a request on it would be a fault that nobody has planned.
  server.keepAliveTimeout = 0
  if (!apiSockets.has(socket)) keepWhileOpen(apiSockets, socket)
})

const server = await startLocalChannels({
  port,
  now: () => Date.now() + clock,
  // No idle subscriber is pinged, and keys are known for the whole run.
  activityTimeout: 3600,
  limits: { idempotencyTtlSeconds: 1e6 },
}).catch((error) => {
  // Another program has the port: that is for the one who chose it.
  if (error.code === "EADDRINUSE") process.exit(1)
  throw error
})
const [app] = server.apps
app.idempotency = true

// As sockudo's are in Redis, idempotency keys are still known after a restart.
const { answers } = app
const answerOnce = answers.once.bind(answers)
for (const key of ledger.readKeys()) answerOnce(key, () => ({}))
let published = []
answers.once = (key, work) =>
  answerOnce(key, () => {
    published = []
    const answer = work()
    if (published.length > 0) ledger.addAccepted(key, published)
    return answer
  })
const publish = app.publish.bind(app)
app.publish = (event) => {
  published.push([event.name, event.channels])
  publish(event)
}

server.intercept((request) => {
  // Each would be kept otherwise.
  server.requests.length = 0
  const index = indexOf(request)
  const attempt = Number(request.headers["x-attempt"])
  for (const exchange of exchanges) if (!exchange.isOpen) exchanges.delete(exchange)
  exchanges.add(request)
  if (!isReady) return STARTING
  ledger.addArrival(index)
  arrivals++
  due.get(arrivals)?.()
  // Some of what a dying server was sent, it has taken.
  if (isDying) return { hang: true, takesRequest: index % 2 === 0 }
  if (arrivals % resetEvery === 0) {
    ledger.addTrouble(TROUBLES.resets)
    setImmediate(resetAll)
    return { hang: true, takesRequest: index % 2 === 0 }
  }
  const { fault } = makeCall(order, index)
  // What is refused for its time is not taken, so that no fault may say otherwise.
  const isLate = Math.abs(Number(request.params.auth_timestamp) * 1000 - Date.now() - clock) > 500_000
  if (isLate) ledger.addTrouble(TROUBLES.late)
  if (!fault || attempt > fault.attempts || isLate) return undefined
  ledger.addTrouble(fault.name)
  return makeFault(fault.name, request)
})

/** Returns the number of the call that a request belongs to. */
function indexOf({ body, params }) {
  const [, name] = /"name":"(\d+\.\d+)"/.exec(body ?? "") ?? []
  return name ? callOf(name) : Number(/^call-(\d+)/.exec(params.filter_by_prefix ?? "")?.[1])
}

function resetAll() {
  for (const socket of apiSockets) socket.resetAndDestroy()
}

/** Answers nobody any more, and dies once subscribers have been sent what was accepted: what a server loses itself is not asked here. */
function die() {
  isDying = true
  process.send({ type: "dying" })
  const subscribers = [...sockets].filter((socket) => !apiSockets.has(socket))
  const timer = setInterval(() => {
    if (subscribers.some(({ writableLength }) => writableLength > 0)) return
    clearInterval(timer)
    process.kill(process.pid, "SIGKILL")
  }, 5)
}

/** Has something happen after so many more requests. */
const after = (count, action) => due.set(arrivals + count, action)
const actions = {
  ready() {
    isReady = true
  },
  begin({ dieAfter, clockAfter, clock: step, resetEvery: every = Infinity }) {
    due.clear()
    clock = 0
    resetEvery = every
    if (dieAfter !== undefined) after(dieAfter, die)
    if (clockAfter !== undefined)
      after(clockAfter, () => {
        clock = step
      })
  },
  state() {
    for (const exchange of exchanges) if (!exchange.isOpen) exchanges.delete(exchange)
    process.send({ type: "state", exchanges: exchanges.size, connections: apiSockets.size })
  },
  async stop() {
    await server.close()
    process.disconnect()
  },
}
process.on("message", ({ action, ...given }) => actions[action](given))
// Not left alone: without the one who started it, it has no purpose.
process.once("disconnect", () => process.exit())
process.send({ type: "listening", port: server.port })
