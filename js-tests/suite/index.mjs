// The promised behaviour, written once for every runtime. Behaviour without a case here is not promised.
//
// Each file of the suite exports `(QUnit, library, environment) => void`. `library` is the package's namespace object; `environment` is
// `{ runtime, server: { url, host, port, id, key, secret } }`, where `server` is the embedded Channels server. With `skip`, a list of names,
// parts are left out. A part that tests a subpath imports it; a place that has loaded the subpath in its own way, such as by `require`, passes
// the namespace in `subpaths`: `{ chunks, handlers, node, beams, testing }`.
import answers from "./answers.mjs"
import attack from "./attack.mjs"
import authentication from "./authentication.mjs"
import authorization from "./authorization.mjs"
import badInput from "./bad-input.mjs"
import batch from "./batch.mjs"
import beams from "./beams.mjs"
import chunks from "./chunks.mjs"
import configuration from "./configuration.mjs"
import encryption from "./encryption.mjs"
import environment from "./environment.mjs"
import exchange from "./exchange.mjs"
import exports from "./exports.mjs"
import faults from "./faults.mjs"
import handlers from "./handlers.mjs"
import lifetime from "./lifetime.mjs"
import node from "./node.mjs"
import options from "./options.mjs"
import publish from "./publish.mjs"
import python from "./python.mjs"
import queries from "./queries.mjs"
import queryString from "./query-string.mjs"
import redaction from "./redaction.mjs"
import repetition from "./repetition.mjs"
import replaced from "./replaced.mjs"
import requests from "./requests.mjs"
import server from "./server.mjs"
import servers from "./servers.mjs"
import stacks from "./stacks.mjs"
import testing from "./testing.mjs"
import token from "./token.mjs"
import trigger from "./trigger.mjs"
import webhook from "./webhook.mjs"
import whole from "./whole.mjs"

const parts = {
  exports,
  configuration,
  environment,
  options,
  queryString,
  token,
  authorization,
  authentication,
  encryption,
  trigger,
  batch,
  requests,
  queries,
  replaced,
  exchange,
  repetition,
  publish,
  chunks,
  node,
  beams,
  testing,
  faults,
  server,
  servers,
  answers,
  stacks,
  webhook,
  handlers,
  badInput,
  redaction,
  attack,
  lifetime,
  python,
  whole,
}

/** Returns JSON, or `undefined` for values without one, such as a revoked proxy. */
const toJson = (value) => {
  try {
    return JSON.stringify(value, null, 1)
  } catch {
    return undefined
  }
}

/** Runs every part. Resolves to `{ passed, failed, failures: [{ name, reason }] }`. */
export const runSuite = (QUnit, library, environment) =>
  new Promise((resolve) => {
    QUnit.config.autostart = false
    // Failures are easier to read in the order of the files.
    QUnit.config.reorder = false
    // Only a case that hangs takes that long. The longest took a minute on a machine whose processors others used.
    QUnit.config.testTimeout = 300_000
    // Deprecated options warn. The test about them listens itself; no other case needs the output.
    console.warn = () => {}
    const failures = []
    QUnit.on("testEnd", ({ fullName, status, errors }) => {
      if (status === "passed") return
      const reason = errors
        .map(
          ({ message, actual, expected, stack }) =>
            toJson({ message, actual, expected, stack }) ?? toJson({ message, stack }),
        )
        .join("\n")
      failures.push({ name: fullName.join(" › "), reason: reason || status })
    })
    QUnit.on("runEnd", ({ testCounts: { passed, total } }) => resolve({ passed, failed: total - passed, failures }))
    const { skip = [] } = environment
    const unknown = skip.filter((name) => !Object.hasOwn(parts, name))
    if (unknown.length > 0) throw new Error(`the suite has no part ${unknown.join(", ")}`)
    for (const [name, part] of Object.entries(parts)) {
      if (!skip.includes(name)) QUnit.module(name, () => part(QUnit, library, environment))
    }
    QUnit.start()
  })
