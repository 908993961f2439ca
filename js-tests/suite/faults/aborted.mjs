// The caller's signal, wherever it ends a call.
import { ACTING, ASKING } from "../methods.mjs"
import { startCase, takeTimers } from "./case.mjs"

/** Resolves in the host's next task. */
const nextTask = () => new Promise((resolve) => setTimeout(resolve, 0, "too late"))

export default ({ test }, Pusher, environment, given) => {
  const METHODS = { ...ASKING, ...ACTING }
  /** Aborts each method when `untilReady` has resolved, and checks that it ends at once and leaves nothing. */
  const checkEach = async (t, fault, taken, untilReady) => {
    for (const [name, method] of Object.entries(METHODS)) {
      const timers = takeTimers()
      let waits
      const isWaiting = new Promise((resolve) => {
        waits = resolve
      })
      try {
        const { call, abort, untilSeen, conclude } = startCase({
          Pusher,
          environment,
          timers,
          method,
          faults: [fault],
          endless: true,
          options: { ...given, onRetry: waits },
        })
        await untilReady({ untilSeen, isWaiting })
        t.strictEqual(timers.live.size, 1, name)
        abort("enough")
        t.deepEqual(
          { ...(await Promise.race([call, nextTask()])), ...(await conclude()), timers: timers.live.size },
          {
            code: "aborted",
            status: undefined,
            attempts: 1,
            retryable: false,
            retryAfter: undefined,
            seen: 1,
            taken,
            resent: 0,
            left: 0,
            timers: 0,
          },
          name,
        )
      } finally {
        timers.giveBack()
      }
    }
  }

  for (const [fault, taken] of Object.entries({ hang: 0, "taken-hang": 1, hangBody: 0, "taken-hangBody": 1 })) {
    test(`aborted during an attempt, after ${fault}, each method ends at once and leaves nothing`, (t) =>
      checkEach(t, fault, taken, ({ untilSeen }) => untilSeen(1)))
  }

  test("aborted while it waits, each method ends at once and leaves nothing", (t) =>
    checkEach(t, "quotaLater", 0, ({ isWaiting }) => isWaiting))
}
