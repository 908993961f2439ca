// No server at all.
import { ACTING, ASKING, WITHOUT_OPTIONS } from "../methods.mjs"
import { connect, http } from "../support.mjs"
import { runAll, startCase, takeTimers } from "./case.mjs"

/** Whether it is known that no connection was made. To Workers, edge runtimes and pages, that is one failure of many. */
const isToldApart = http !== undefined

export default ({ test }, Pusher, environment, given) => {
  test("after a refused connection, each method is retried if the host says that there was none", async (t) => {
    const query = { path: "/channels", params: { filter_by_prefix: "fault:closedPort" } }
    const { port } = await (await connect(Pusher, environment).get(query)).json()
    const timers = takeTimers()
    const check =
      (name, method, { isSafe, options, callOptions }) =>
      async () => {
        const isRetried = isSafe || isToldApart
        const run = async (more) => {
          const both = { ...given, ...options, ...more }
          const { call, conclude } = startCase({
            Pusher,
            environment,
            timers,
            method,
            faults: [],
            options: both,
            callOptions,
          })
          return { ...(await call), ...(await conclude()) }
        }
        t.deepEqual(
          await run({ port }),
          {
            code: "network",
            status: undefined,
            attempts: isRetried ? 3 : 1,
            retryable: isRetried,
            retryAfter: undefined,
            seen: 0,
            taken: 0,
            resent: 0,
            left: 0,
          },
          name,
        )
        if (given.agent || !isRetried) return
        // Only the first attempt fails.
        let count = 0
        const fetch = (url, init) => {
          const to = count++ === 0 ? url.replace(`:${environment.server.port}/`, `:${port}/`) : url
          return globalThis.fetch(to, init)
        }
        t.deepEqual(await run({ fetch }), { attempts: 2, seen: 1, taken: 1, resent: 0, left: 0 }, name)
      }
    const checkEach = (methods, how) => Object.entries(methods).map(([name, method]) => check(name, method, how))
    try {
      await runAll([
        ...checkEach(ASKING, { isSafe: true }),
        ...checkEach({ ...ACTING, ...WITHOUT_OPTIONS }, { isSafe: false }),
        ...checkEach({ ...ACTING, ...WITHOUT_OPTIONS }, { isSafe: true, options: { idempotencyKeys: true } }),
      ])
    } finally {
      timers.giveBack()
    }
  })
}
