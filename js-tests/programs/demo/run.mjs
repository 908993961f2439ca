// Runs the demo once: sets everything up, plays the scenario, and ends everything again.
import { Interrupted } from "./errors.mjs"
import { formatMilliseconds, makeNarrator } from "./narrate.mjs"
import { makeChannels, play } from "./scenario.mjs"
import { setUp } from "./setup.mjs"
import { openPage } from "./staying.mjs"
import { runWithin, Steps } from "./steps.mjs"
import { readNamedServer, readPort } from "./target.mjs"

/**
 * @typedef {object} DemoResult
 * @property {boolean} ok
 * @property {string[]} missing the steps that did not come through, and why
 * @property {import("./steps.mjs").Step[]} steps
 */

/**
 * Runs the demo.
 *
 * @param {object} [options]
 * @param {Record<string, string | undefined>} [options.env] names a server (see target.mjs), or none for the embedded one;
 *   `DEMO_PORT` is the Worker's port
 * @param {{ write: (text: string) => unknown, isTTY?: boolean }} [options.out]
 * @param {AbortSignal} [options.signal] ends the demo
 * @param {boolean} [options.stay] keeps everything running after the scenario, until `signal`
 * @param {number} [options.deadlineMs] for the set-up, and again for the whole scenario
 * @param {number} [options.patienceMs] for one step of the scenario
 * @param {(server: import("../../../pkg-template/testing/local-channels.js").LocalChannels) => void} [options.onServer] receives the embedded
 *   server, to disturb it
 * @param {(worker: import("./worker.mjs").DemoWorker) => void} [options.onWorker] receives the Worker, likewise
 * @returns {Promise<DemoResult>}
 * @throws {Interrupted} after `signal`, unless the scenario was over by then
 * @throws {Error} if something cannot be set up
 */
export async function runDemo({
  env = process.env,
  out = process.stdout,
  signal,
  stay = false,
  deadlineMs = 120_000,
  patienceMs = 20_000,
  onServer = () => {},
  onWorker = () => {},
} = {}) {
  const begin = performance.now()
  const tell = makeNarrator(out, env)
  const [named, port] = [readNamedServer(env), readPort(env)]
  const ends = []
  const atEnd = (end) => ends.unshift(end)
  try {
    tell.title("pusher-http-wasm: events between real processes")
    const parts = await runWithin(deadlineMs, signal, (setUpSignal) => {
      return setUp({ env, named, port, tell, atEnd, onServer, signal: setUpSignal })
    })
    onWorker(parts.worker)
    const steps = new Steps({ deadlineMs, patienceMs, signal })
    const show = async (label, name, body) => {
      const { status, summary, ms } = await steps.run(name, body)
      tell.line(status, label, summary, ms)
    }
    await play({ ...parts, port, steps, show, tell, channels: makeChannels() })
    summarise(tell, steps, performance.now() - begin)
    if (stay) {
      await keepConsole(parts.worker, { tell, env, signal })
    }
    return { ok: steps.missing.length === 0, missing: steps.missing, steps: steps.all }
  } catch (error) {
    throw signal?.aborted ? new Interrupted() : error
  } finally {
    for (const end of ends) await end()
  }
}

function summarise(tell, { all, missing }, ms) {
  const count = (status) => all.filter((step) => step.status === status).length
  const leftOut = count("left out") > 0 ? `, ${count("left out")} left out` : ""
  tell.section("Summary")
  tell.table(all)
  if (missing.length === 0) {
    tell.say(`  Everything arrived: ${count("done")} steps${leftOut}, ${formatMilliseconds(ms)} with the set-up.`)
    return
  }
  tell.say(`  ${missing.length} of ${all.length} steps did not come through${leftOut}:`)
  for (const what of missing) tell.line("missing", what)
}

/** Resolves when `signal` aborts; rejects if the Worker ends before. */
async function keepConsole({ url, inbox }, { tell, env, signal }) {
  tell.say(`\n  The console is at ${url}/ until you press Ctrl-C. Open it in two windows.`)
  if (env.OPEN && !(await openPage(`${url}/`, env)))
    tell.quiet("No browser could be started: open the address yourself.")
  await Promise.race([waitForAbort(signal), inbox.find(() => false)])
}

const waitForAbort = (signal) =>
  new Promise((resolve) => (signal?.aborted ? resolve() : signal?.addEventListener("abort", resolve, { once: true })))
