// Thousands of overlapping requests to one Worker: aborted by the caller, hanging and resetting upstreams, errors, exceptions of
// user code, requests that are gone before their answer. None may get another's data, none may hang, and those after are fine.
import { createHmac } from "node:crypto"
import { once } from "node:events"
import { cpSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { json } from "node:stream/consumers"

import { eachTogether } from "../support/lanes.mjs"
import { installPacked } from "../support/packed.mjs"
import { serveWorker } from "../support/workerd.mjs"

const [requests, inFlight] = [Number(process.argv[2] ?? 5000), 100]
const secret = "secret"

/** What each kind of request must come to; the upstream answers with the id that it was sent. */
const kinds = {
  echo: ({ id, status, text }) => status === 200 && text === `echo ${id}`,
  slow: ({ id, status, text }) => status === 200 && text === `echo ${id}`,
  error: ({ id, failure }) => failure.code === "http" && failure.status === 500 && failure.body === `no ${id}`,
  reset: ({ failure }) => failure.code === "network",
  hang: ({ failure }) => failure.code === "timeout",
  hangBody: ({ failure }) => failure.code === "timeout",
  abort: ({ id, failure }) => failure.code === "aborted" && failure.cause === `aborted ${id}`,
  forgotten: ({ id, status, text }) => status === 200 && text === id,
  later: ({ id, status, text }) => status === 200 && text === id,
  throw: ({ id, failure }) => failure.message === `thrown ${id}`,
  sign: ({ id, text }) => text === `key:${createHmac("sha256", secret).update(`${id}.1:private-${id}`).digest("hex")}`,
  // The one who asked goes away in the middle.
  gone: () => true,
}
const common = ["echo", "slow", "error", "abort", "forgotten", "later", "throw", "sign", "gone", "reset"]

const { folder, remove } = await installPacked()
cpSync(import.meta.dirname, join(folder, "endurance"), { recursive: true })
const upstream = createServer(answer).listen(0, "127.0.0.1")
await once(upstream, "listening")
const worker = await serveWorker({
  folder,
  entry: join(folder, "endurance/concurrency-worker.mjs"),
  name: "concurrency",
  bindings: { PUSHER_URL: `http://key:${secret}@127.0.0.1:${upstream.address().port}/apps/1` },
})
const wrong = []
try {
  // Hanging ones are rare: each holds a place for as long as the timeout.
  const mixed = Array.from({ length: requests }, (_, at) => [
    String(at),
    at % 250 === 7 ? "hang" : at % 250 === 9 ? "hangBody" : common[at % common.length],
  ])
  await all(mixed)
  const after = Array.from({ length: 200 }, (_, at) => [`after ${at}`, "echo"])
  await all(after)
} finally {
  worker.stop()
  upstream.closeAllConnections()
  upstream.close()
  await remove()
}
for (const line of wrong.slice(0, 10)) console.log(`✗ ${line}`)
console.log(`concurrency: ${requests + 200 - wrong.length} passed, ${wrong.length} failed`)
process.exitCode = wrong.length > 0 ? 1 : 0

/** Sends all, so many at once; keeps what came to something else than it must. */
async function all(list) {
  await eachTogether(list, inFlight, async ([id, kind]) => {
    const outcome = await ask(id, kind).catch((error) => ({ error: String(error) }))
    if (outcome.error !== undefined || !kinds[kind]({ id, failure: {}, ...outcome })) {
      wrong.push(`${kind} ${id}: ${JSON.stringify(outcome)}`)
    }
  })
}

async function ask(id, kind) {
  const url = `${worker.url}?${new URLSearchParams({ id, kind })}`
  if (kind === "gone") {
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(), Number(id) % 5)
    return fetch(url, { signal: leaving.signal }).then(
      async (response) => ({ text: await response.text() }),
      () => ({}),
    )
  }
  // What hangs fails here.
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) })
  const text = await response.text()
  return { status: response.status, text, failure: response.status === 500 ? JSON.parse(text) : {} }
}

/** The upstream: what it does is the event's name, what it echoes the event's data. */
async function answer(request, response) {
  const { name, data } = await json(request)
  const body = `echo ${data}`
  switch (name) {
    case "hang":
      return
    case "hangBody":
      response.write("begun")
      return
    case "reset":
      request.socket.destroy()
      return
    case "error":
      response.writeHead(500).end(`no ${data}`)
      return
    case "slow":
    case "gone":
      setTimeout(() => response.end(body), Number(data) % 7)
      return
    default:
      response.end(body)
  }
}
