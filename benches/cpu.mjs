// The CPU time that workerd's process spends on a request, which is what is billed: beyond that of a Worker that does nothing.
import { strict as assert } from "node:assert"
import { readdirSync, readFileSync } from "node:fs"
import { Agent, request } from "node:http"

import { serveModules } from "../js-tests/support/workerd.mjs"
import { bundleNodeWorker } from "./bundle.mjs"
import { writeCpuWorkers } from "./programs.mjs"
import { AUTHORISATIONS } from "./suite/cpu.mjs"
import { takePosts } from "./suite/posts.mjs"

/** Requests under way at once. */
const IN_FLIGHT = 4

/** What a request does: the name of the case, the Worker's path, and how many times it does it. */
const works = [
  { name: "CPU of a request, authorizeChannel", path: "authorizeChannel/kept", repeats: AUTHORISATIONS },
  { name: "CPU of a request, a client and authorizeChannel", path: "authorizeChannel/fresh", repeats: AUTHORISATIONS },
  { name: "CPU of a request, trigger", path: "trigger/kept", repeats: 1 },
  { name: "CPU of a request, a client and trigger", path: "trigger/fresh", repeats: 1 },
]
/** A request signed before has nothing to authorise, and no client. */
const hasWork = (library, path) => library !== "ceiling" || path === "trigger/kept"

/** Only Linux tells what a process spends. */
export const cpuNames = process.platform === "linux" ? works.map(({ name }) => name) : []

/**
 * Measures the cases of these names, each library in a process of its own, and reports `{ name, times }`: nanoseconds of each library, and of the
 * empty Worker, in each round.
 */
export const measureCpu = async (folder, { names, server, settings }, report) => {
  const workers = {}
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  try {
    for (const [library, file] of Object.entries(writeCpuWorkers(folder))) {
      const outdir = await bundleNodeWorker(folder, file)
      const bindings = { HOST: server.host, PORT: String(server.port) }
      workers[library] = await serveModules({ outdir, bindings })
    }
    for (const { name, path, repeats } of works.filter(({ name }) => names.includes(name))) {
      const libraries = Object.keys(workers).filter((library) => hasWork(library, path))
      await assertEqual(name, libraries, async (library) => {
        await takePosts(server)
        const answer = await get(agent, workers[library].url + path)
        return { answer, sent: (await takePosts(server)).map(({ body }) => body) }
      })
      const spendOn = async (library, count) => (await spend(agent, workers[library], path, count)) / repeats
      report({ name, times: await inTurns(libraries, settings, spendOn) })
    }
  } finally {
    agent.destroy()
    for (const { stop } of Object.values(workers)) stop()
  }
}

/** Throws unless all answer and send the same. */
const assertEqual = async (name, libraries, look) => {
  const expected = await look("ours")
  for (const library of libraries.filter((library) => library !== "empty")) {
    assert.deepEqual(await look(library), expected, `${name}: ${library}`)
  }
}

const inTurns = async (libraries, { rounds, requests, warmUp }, spendOn) => {
  for (const library of libraries) await spendOn(library, warmUp)
  const times = Object.fromEntries(libraries.map((library) => [library, []]))
  for (let round = 0; round < rounds; round++) {
    for (const library of round % 2 === 0 ? libraries : libraries.toReversed()) {
      times[library].push((await spendOn(library, requests)) / requests)
    }
  }
  return times
}

/** Sends so many requests. Resolves to the nanoseconds that the Worker's process spent meanwhile. */
const spend = async (agent, { url, pid }, path, count) => {
  const before = spentBy(pid)
  let left = count
  const sendNext = async () => {
    while (left-- > 0) await get(agent, url + path)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendNext))
  return spentBy(pid) - before
}

/** Nanoseconds on a processor, of all threads. */
const spentBy = (pid) =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]))
    .reduce((sum, time) => sum + time, 0)

const get = (agent, url) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      response.setEncoding("utf8")
      let text = ""
      response.on("data", (chunk) => (text += chunk))
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))))
    })
    sent.on("error", reject)
    sent.end()
  })
