// Runs `make demo`. Exit code 0: everything arrived; 1: something did not, or the set-up failed; 130: ended by Ctrl-C.
//
//   PUSHER_URL=https://KEY:SECRET@HOST/apps/ID   uses that server instead of the embedded one
//   PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET and PUSHER_CLUSTER or PUSHER_HOST, PUSHER_PORT, PUSHER_SCHEME   likewise
//   STAY=1        keeps everything running afterwards, with a console to play with, as it does on a terminal; STAY=0 ends
//   OPEN=1        opens the console in a browser: that of BROWSER, or the system's
//   DEMO_PORT     sets the Worker's port
import { constants } from "node:os"

import { DemoError, Interrupted } from "./errors.mjs"
import { runDemo } from "./run.mjs"
import { wantsToStay } from "./staying.mjs"

const end = new AbortController()
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => end.abort(signal))

try {
  const { ok } = await runDemo({ signal: end.signal, stay: wantsToStay(process.env, process.stdout) })
  process.exitCode = ok ? 0 : 1
} catch (error) {
  if (error instanceof Interrupted) {
    console.error("\n  Interrupted: everything that the demo started has ended.")
    process.exitCode = 128 + constants.signals[end.signal.reason]
  } else {
    console.error(`\n✗ ${error instanceof DemoError ? error.message : error.stack}`)
    process.exitCode = 1
  }
}
