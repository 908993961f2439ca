// Everything that must work against a real server, with pusher-js as the client. Servers add fields of their own to their answers and choose
// their own words, so no case expects an exact object or text from a server.
//
// Each file exports `(QUnit, library, environment) => void`; `environment` is
//   { runtime, connectionUrl, local, named, lacks, nodes, observer }
// where `observer` is the address of ../observer.mjs, `named` is true for a user's own server, `lacks` maps the features that the server
// is known not to have to the reasons, and `nodes` are the connection URLs of a cluster's servers: the library has the first one, and
// pusher-js is connected to the second. A case that misses a feature throws `NotOffered`: it counts as skipped if the server may lack the
// feature, and fails otherwise.
import chunks from "./chunks.mjs"
import cluster from "./cluster.mjs"
import delivery from "./delivery.mjs"
import encryption from "./encryption.mjs"
import handlers from "./handlers.mjs"
import publishing from "./publishing.mjs"
import queries from "./queries.mjs"
import refusals from "./refusals.mjs"
import { Client, NotOffered } from "./support.mjs"
import users from "./users.mjs"
import webhooks from "./webhooks.mjs"

const parts = { delivery, publishing, chunks, queries, encryption, users, webhooks, handlers, refusals, cluster }

/** Runs every part. Resolves to `{ passed, failed, failures: [{ name, reason }], notOffered: [{ name, reason }] }`. */
export const runSuite = (QUnit, library, environment) =>
  new Promise((resolve) => {
    QUnit.config.autostart = false
    QUnit.config.reorder = false
    QUnit.config.testTimeout = 120_000
    const failures = []
    const reasons = new Map()
    const notOffered = []
    QUnit.on("testEnd", ({ fullName, status, errors }) => {
      const name = fullName.join(" › ")
      if (status === "passed") {
        if (reasons.has(name)) notOffered.push({ name, reason: reasons.get(name) })
        return
      }
      const reason = errors
        .map(({ message, actual, expected, stack }) => JSON.stringify({ message, actual, expected, stack }, null, 1))
        .join("\n")
      failures.push({ name, reason: reason || status })
    })
    QUnit.on("runEnd", ({ testCounts: { passed, total } }) =>
      resolve({ passed: passed - notOffered.length, failed: total - passed, failures, notOffered }),
    )
    for (const [module, part] of Object.entries(parts)) {
      const test = (name, body) =>
        QUnit.test(name, async (t) => {
          try {
            await body(t)
          } catch (error) {
            if (!(error instanceof NotOffered)) throw error
            reasons.set(`${module} › ${name}`, error.message)
            t.true(
              environment.named || error.feature in environment.lacks,
              `this server must offer it: ${error.message}`,
            )
          } finally {
            await Client.disconnectAll()
          }
        })
      QUnit.module(module, () => part({ test }, library, environment))
    }
    QUnit.start()
  })
