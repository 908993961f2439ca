// One call to a server that misbehaves, and what becomes of it on both sides.
import { connect, masterKey, pick } from "../support.mjs"

let serial = 0

/** The `timeout` of the first case: longer than the tests take, so that only a test can end it. Each case has one of its own. */
const TIMEOUT = 1e9
/** No call ends by its deadline, unless that is said. */
export const AT_ONCE = { baseDelay: 0, deadline: 1.5 * TIMEOUT }

/**
 * Replaces the host's timers: long ones do not fire by themselves. Where `over` has a function for a delay, the timer fires once its promise
 * has resolved.
 */
export const takeTimers = () => {
  const { setTimeout, clearTimeout } = globalThis
  const [live, over] = [new Map(), new Map()]
  globalThis.setTimeout = (callback, delay, ...args) => {
    if (!(delay >= 1e6)) return setTimeout(callback, delay, ...args)
    const timer = {}
    live.set(timer, delay)
    over
      .get(delay)?.()
      ?.then(() => live.delete(timer) && callback(...args))
    return timer
  }
  globalThis.clearTimeout = (timer) => live.delete(timer) || clearTimeout(timer)
  const giveBack = () => Object.assign(globalThis, { setTimeout, clearTimeout })
  return { live, over, giveBack }
}

/** A signal of the caller's that counts its listeners. */
const makeSignal = (signal) => {
  const listeners = new Set()
  return {
    listeners,
    get aborted() {
      return signal.aborted
    },
    get reason() {
      return signal.reason
    },
    addEventListener(type, listener) {
      listeners.add(listener)
      signal.addEventListener(type, listener)
    },
    removeEventListener(type, listener) {
      listeners.delete(listener)
      signal.removeEventListener(type, listener)
    },
  }
}

/**
 * Makes a call of which each attempt meets the next of `faults` (../../support/faults.mjs), and further ones none. Unless it is `endless`, an
 * attempt at which the server hangs times out as soon as the server has the request.
 *
 * Returns the `call`, which never rejects; a function that `aborts` it; one that resolves when the server has got a number of its requests; and
 * one that resolves to what there is of it, when no connection of its own is open any more.
 */
export const startCase = ({ Pusher, environment, timers, method, faults, endless, options, callOptions }) => {
  const name = `case-${++serial}-${Math.random().toString(36).slice(2)}`
  const timeout = TIMEOUT + serial
  const server = connect(Pusher, environment, { timeout: 0, retry: false })
  const report = async () =>
    (await server.get({ path: "/channels", params: { filter_by_prefix: "fault:report", info: name } })).json()
  const untilSeen = async (count) => {
    while ((await report()).attempts < count);
  }
  let started = 0
  timers.over.set(timeout, () => {
    const count = ++started
    return !endless && /hang/i.test(faults[count - 1]) ? untilSeen(count) : undefined
  })
  // The server tells attempts apart by the time in their signature.
  let time = Date.now() + 100_000
  let attempts = 0
  const pusher = connect(Pusher, environment, {
    headers: { "x-faults": [name, ...faults].join(" ") },
    encryptionMasterKeyBase64: masterKey,
    timeout,
    retry: AT_ONCE,
    now: () => {
      time += 1000
      return time
    },
    onRequest: ({ attempt }) => {
      attempts = attempt
    },
    ...options,
  })
  const controller = new AbortController()
  const signal = makeSignal(controller.signal)
  const call = method(pusher, { signal, ...callOptions }).then(
    () => ({ attempts }),
    (error) => pick(error, "code", "status", "attempts", "retryable", "retryAfter"),
  )
  const conclude = async () => {
    let last
    do last = await report()
    while (last.open > 0)
    timers.over.delete(timeout)
    const { attempts: seen, taken, resent } = last
    const left = [...timers.live.values()].filter((delay) => delay === timeout).length
    return { seen, taken, resent, left: left + signal.listeners.size }
  }
  return { call, abort: (reason) => controller.abort(reason), untilSeen, conclude }
}

/** Runs tasks, three at a time: some hosts make no more than six connections to a server. */
export const runAll = async (tasks) => {
  const queue = tasks.values()
  const work = async () => {
    for (const task of queue) await task()
  }
  await Promise.all([work(), work(), work()])
}
