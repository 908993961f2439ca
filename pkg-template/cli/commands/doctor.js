// `doctor`: what is wrong, in words.
import { runChecks } from "../checks.js"

const COLOURS = { ok: "green", note: "yellow", fail: "red", skip: "dim" }

export const doctor = {
  name: "doctor",
  summary: "Check configuration, connection, clock and credentials",
  parameters: [],
  options: [],
  notes: ["One line a check: ok, note, fail or skip. Publishes nothing. Exits 1 if a check fails."],
  example: "pusher-http-wasm doctor",
  async run({ output, openClient }) {
    const checks = []
    await runChecks(
      () => openClient({ retry: false }),
      (name, { state, message }) => {
        checks.push({ name, state, message })
        if (!output.isJson) output.result(undefined, [[COLOURS[state], state.padEnd(6)], name.padEnd(15), message])
      },
    )
    const isHealthy = checks.every(({ state }) => state !== "fail")
    if (output.isJson) output.result({ ok: isHealthy, checks })
    return isHealthy ? 0 : 1
  },
}
