// The clients of a phase, and how long they try.
import { phasesOf } from "./phases.mjs"

/** No server is away for that long; only a call that hangs for good runs into it. */
const LONG = 600_000
const RETRY = { attempts: 4, baseDelay: 10, maxDelay: 100, deadline: LONG }
/** Over a gap or many resets, as long as it takes. */
const PERSISTENT = { ...RETRY, attempts: 10_000, maxDelay: 500 }
/** A call that meets its fault at each attempt. */
export const TWICE = { ...RETRY, attempts: 2 }

/** Fails at once, without asking any server: a part of a name may have 63 characters. */
const NO_SUCH_NAME = `${"n".repeat(64)}.invalid`

/**
 * Makes the clients of a phase: `patient` waits for ever, `impatient` is for servers that hang, and `nameless` first asks for a name that does
 * not resolve.
 */
export const makeClients = (Pusher, { server, count }, name) => {
  const phase = phasesOf(count).find((phase) => phase.name === name)
  const options = {
    ...server,
    timeout: 0,
    maxResponseBytes: 2 ** 18,
    retry: phase.succeeding === "keyed" ? PERSISTENT : RETRY,
    // Tells the server which attempt it is.
    onRequest: ({ attempt }) => ({ headers: { "x-attempt": String(attempt) } }),
    ...(phase.clientClock !== undefined && { now: () => Date.now() + phase.clientClock }),
  }
  const fetchNameless = (url, init) =>
    fetch(init.headers["x-attempt"] > 2 ? url : url.replace(`//${server.host}`, `//${NO_SUCH_NAME}`), init)
  return {
    patient: new Pusher(options),
    impatient: new Pusher({ ...options, timeout: 700 }),
    nameless: new Pusher({ ...options, fetch: fetchNameless }),
  }
}

/** Returns the client of a call. */
export const clientOf = ({ patient, impatient, nameless }, { fault, losesName }) =>
  losesName ? nameless : fault && /hang/i.test(fault.name) ? impatient : patient
