// What a server answers, or where it stops.
import { ACTING, ASKING, WITHOUT_OPTIONS } from "../methods.mjs"
import { AT_ONCE, runAll, startCase, takeTimers } from "./case.mjs"

/** When a call is retried after a fault: always, or if it asks or has an idempotency key. */
const [ALWAYS, IF_SAFE, NEVER] = ["always", "if safe", "never"]
const network = { code: "network", retried: IF_SAFE }
const timeout = { code: "timeout", retried: IF_SAFE }
const http = (status, retried, more) => ({ code: "http", status, retried, ...more })
/** The server waits longer than a call may take, by default. */
const LATER = { retryAfter: 3_600_000, most: 1, options: { retry: { ...AT_ONCE, deadline: undefined } } }

/** How an attempt ends that meets a fault of ../../support/faults.mjs. `most`: attempts that a call has, if not three. */
const FAULTS = {
  reset: network,
  "taken-reset": network,
  close: network,
  "taken-close": network,
  resetBody: network,
  "taken-resetBody": network,
  "taken-halfChunk": network,
  "taken-tooShort": network,
  "taken-gzip": {},
  "taken-tooLong": {},
  late: {},
  hang: timeout,
  "taken-hang": timeout,
  hangBody: timeout,
  "taken-hangBody": timeout,
  moved: http(301, NEVER),
  clock: http(401, ALWAYS, { most: 2, retryable: false }),
  timeout: http(408, IF_SAFE),
  "taken-timeout": http(408, IF_SAFE),
  large: http(413, NEVER),
  quota: http(429, ALWAYS),
  quotaNow: http(429, ALWAYS, { retryAfter: 0 }),
  quotaLater: http(429, ALWAYS, LATER),
  failure: http(500, IF_SAFE),
  "taken-failure": http(500, IF_SAFE),
  gateway: http(502, IF_SAFE),
  "taken-gateway": http(502, IF_SAFE),
  busy: http(503, IF_SAFE),
  "taken-busy": http(503, IF_SAFE),
  busyNow: http(503, ALWAYS, { retryAfter: 0 }),
  busyLater: http(503, ALWAYS, LATER),
}

/**
 * Whether the host's `fetch` sends a POST again by itself where the connection broke, for which there is no remedy: browsers. Others may do so
 * with a GET.
 */
const isResending = globalThis.navigator?.userAgent?.startsWith("Mozilla/")

/** How calls are told apart by the server, or not, and how many of their requests meet the fault. */
const ASKS = [{ isSafe: true, asks: true, counts: [1, 9] }]
const UNKEYED = { isSafe: false, counts: [1, 9] }
const KEYED = { isSafe: true, counts: [1], makeKey: () => `key-${Math.random()}` }
const KEYS = { isSafe: true, counts: [1, 9], options: { idempotencyKeys: true } }

/** Returns what becomes of a call whose first requests, `count` of them, meet a fault. */
const expectedOf = (fault, { code, status, retryAfter, retried, most = 3, retryable }, isSafe, count) => {
  const isRetried = retried === ALWAYS || (retried === IF_SAFE && isSafe)
  const attempts = isRetried ? Math.min(most, count + 1) : 1
  const isResolved = !code || attempts > count
  const taken = Number(isResolved || fault.startsWith("taken-"))
  const onServer = { seen: attempts, taken, resent: 0, left: 0 }
  if (isResolved) return { attempts, ...onServer }
  return { code, status, attempts, retryable: retryable ?? isRetried, retryAfter, ...onServer }
}

export default ({ test }, Pusher, environment, given) => {
  // Each method on each runtime; elsewhere one that asks, one that publishes, and one without options: they share the exchange.
  const mostMethods = environment.isThorough ? Infinity : 1
  for (const [fault, ending] of Object.entries(FAULTS)) {
    test(`after ${fault}, each method is retried where nothing can be taken twice`, async (t) => {
      const timers = takeTimers()
      const check =
        (name, method, { isSafe, asks, makeKey, options }, count) =>
        async () => {
          const { call, conclude } = startCase({
            Pusher,
            environment,
            timers,
            method,
            faults: Array(count).fill(fault),
            options: { ...given, ...ending.options, ...options },
            callOptions: { idempotencyKey: makeKey?.() },
          })
          const actual = { ...(await call), ...(await conclude()) }
          const expected = expectedOf(fault, ending, isSafe, count)
          // Browsers hide the status of a redirect.
          if (actual.status === 0) actual.status = 301
          if (asks || (isResending && !given.agent)) actual.resent = 0
          if (asks) actual.taken = expected.taken
          t.deepEqual(actual, expected, `${name}, ${isSafe ? "safe" : "unsafe"}, ${count}`)
        }
      const checkEach = (methods, kinds) =>
        Object.entries(methods)
          .slice(0, mostMethods)
          .flatMap(([name, method]) =>
            kinds.flatMap((kind) => kind.counts.map((count) => check(name, method, kind, count))),
          )
      try {
        await runAll([
          ...checkEach(ASKING, ASKS),
          ...checkEach(ACTING, [UNKEYED, KEYED, KEYS]),
          ...checkEach(WITHOUT_OPTIONS, [UNKEYED, KEYS]),
        ])
        t.strictEqual(timers.live.size, 0)
      } finally {
        timers.giveBack()
      }
    })
  }
}
