// One run of the demo: everything is set up, the story is told, everything is taken down again.
import { Interrupted } from "./errors.mjs"
import { milliseconds, narrator } from "./narrate.mjs"
import { channelsOfRun, play } from "./scenario.mjs"
import { setUp } from "./setup.mjs"
import { Steps, within } from "./steps.mjs"
import { namedServer, portOf } from "./target.mjs"

/**
 * @typedef {object} DemoResult
 * @property {boolean} ok
 * @property {string[]} missing what did not arrive, and why
 * @property {import("./steps.mjs").Step[]} steps
 */

/**
 * @param {object} [options]
 * @param {Record<string, string | undefined>} [options.env] names a server (see target.mjs), or none for the embedded one;
 *   `DEMO_PORT` is the Worker's
 * @param {{ write: (text: string) => unknown, isTTY?: boolean }} [options.out]
 * @param {AbortSignal} [options.signal] ends the demo
 * @param {boolean} [options.stay] keep everything running after the story, until `signal`
 * @param {number} [options.deadlineMs] for the set-up, and again for the whole story
 * @param {number} [options.patienceMs] for one step of the story
 * @param {(server: import("../../local-channels/index.mjs").LocalChannels) => void} [options.onServer] gets the embedded
 *   server, to disturb it
 * @returns {Promise<DemoResult>}
 * @throws {Interrupted} after `signal`, unless the story was told by then
 * @throws {Error} when something could not be set up
 */
export async function runDemo({
  env = process.env,
  out = process.stdout,
  signal,
  stay = false,
  deadlineMs = 30_000,
  patienceMs = 8_000,
  onServer = () => {},
} = {}) {
  const begin = performance.now()
  const tell = narrator(out, env)
  const [named, port] = [namedServer(env), portOf(env)]
  const ends = []
  const atEnd = (end) => ends.unshift(end)
  try {
    tell.title("pusher-http-wasm: events between real processes")
    const parts = await within(deadlineMs, signal, (setUpSignal) => {
      return setUp({ env, named, port, tell, atEnd, onServer, signal: setUpSignal })
    })
    const steps = new Steps({ deadlineMs, patienceMs, signal })
    const show = async (label, name, body) => {
      const { status, summary, ms } = await steps.run(name, body)
      tell.line(status, label, summary, ms)
    }
    await play({ ...parts, port, steps, show, tell, channels: channelsOfRun() })
    summarise(tell, steps, performance.now() - begin)
    if (stay) {
      tell.say(`\n  The page is at ${parts.worker.url}/ until you press Ctrl-C.`)
      await aborted(signal)
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
    tell.say(`  Everything arrived: ${count("done")} steps${leftOut}, ${milliseconds(ms)} with the set-up.`)
    return
  }
  tell.say(`  ${missing.length} of ${all.length} steps did not come through${leftOut}:`)
  for (const what of missing) tell.line("missing", what)
}

const aborted = (signal) =>
  new Promise((resolve) => (signal?.aborted ? resolve() : signal?.addEventListener("abort", resolve, { once: true })))
