// Runs the programs of one page, one after the other, each as a module: run-page.mjs FOLDER FILE…
//
// Prints a line of JSON for each program: `{ file, error? }`. Nothing leaves this machine: what would go to Pusher's hosts is answered here.
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { Server } from "node:net"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"

const [, , folder, ...files] = process.argv
const load = (name) => import(pathToFileURL(join(folder, name)))

const { Pusher, Beams, fakeChannels } = await load("library.mjs")
const app = await load("app.js")
Object.assign(globalThis, app)
globalThis.pusher = Pusher.fromEnv()
globalThis.beams = new Beams({ instanceId: "instance-id", secretKey: "secret-key" })

const { fetch } = globalThis
globalThis.fetch = async (url, init) => {
  const { hostname } = new URL(url.url ?? url)
  if (hostname === "127.0.0.1") return fetch(url, init)
  if (hostname.endsWith(".pushnotifications.pusher.com")) return Response.json({ publishId: "publish-id" })
  if (/(^|\.)(pusher|pusherapp)\.com$/.test(hostname)) return Response.json({})
  throw new TypeError(`a page's program wants to reach ${hostname}`)
}
// Any free port, whatever a program asks for.
const { listen } = Server.prototype
Server.prototype.listen = function (_port, ...rest) {
  return listen.call(this, 0, "127.0.0.1", ...rest.filter((argument) => typeof argument === "function"))
}

const rejected = []
process.on("unhandledRejection", (reason) => rejected.push(reason))
console.log = console.info = console.debug = console.error = console.warn = console.table = () => {}

for (const file of files) {
  const result = { file }
  globalThis.fake = fakeChannels()
  try {
    if (isTest(file)) await runTest(file)
    else await exercise(await load(file))
    // Lets promises that nobody awaits settle.
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (rejected.length > 0) throw rejected.pop()
  } catch (error) {
    result.error = error.stack ?? String(error)
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
}
process.exit(0)

/** Tells whether a program is a file of tests, which runs after it has been loaded. */
function isTest(file) {
  return readFileSync(join(folder, file), "utf8").includes('from "node:test"')
}

/** Runs a file of tests in a process of its own. Rejects if one fails. */
async function runTest(file) {
  await promisify(execFile)(process.execPath, [join(folder, file)])
}

/** Calls what a Worker exports: with a request, a batch of a queue, or a time. */
async function exercise(module) {
  const waiting = []
  const ctx = { waitUntil: (promise) => waiting.push(promise), passThroughOnException() {} }
  const env = { ...process.env }
  const { default: worker } = module
  if (typeof worker?.fetch === "function") {
    const response = await worker.fetch(new Request("http://localhost/"), env, ctx)
    if (!(response instanceof Response) || response.status >= 500) throw new Error(`fetch answered ${response?.status}`)
  }
  if (typeof worker?.queue === "function") {
    const message = (body) => ({ id: "1", body, attempts: 1, ack() {}, retry() {} })
    await worker.queue({ messages: [message({ channel: "news", name: "headline", data: {} })], ackAll() {} }, env, ctx)
  }
  if (typeof worker?.scheduled === "function") await worker.scheduled({ scheduledTime: Date.now() }, env, ctx)
  for (const method of ["POST", "GET"]) {
    if (typeof module[method] !== "function") continue
    const request = new Request("http://localhost/", { method, body: method === "POST" ? "{}" : undefined })
    // Some frameworks pass the request itself, others an object that has it.
    const response = await module[method](Object.assign(request, { request }))
    if (response.status >= 500) throw new Error(`${method} answered ${response.status}`)
  }
  await Promise.all(waiting)
}
