// What must work against a real server, with pusher-js as the client. Servers add fields of their own to their answers and choose their own
// words: nothing here demands an exact object or text of a server.
//
// Each file exports `(QUnit, library, environment) => void`; `environment` is
//   { runtime, connectionUrl, local, named, lacks, observer }
// where `observer` is the address of ../observer.mjs, `named` says that the server is the user's own, and `lacks` which features it is known
// not to have. A case that finds one missing throws `NotOffered`: it then counts as skipped, but only with a server that may lack it.
import delivery from "./delivery.mjs"
import encryption from "./encryption.mjs"
import queries from "./queries.mjs"
import refusals from "./refusals.mjs"
import { Client, NotOffered } from "./support.mjs"
import users from "./users.mjs"
import webhooks from "./webhooks.mjs"

const parts = { delivery, queries, encryption, users, webhooks, refusals }

/** Runs all of it: `{ passed, failed, failures: [{ name, reason }], notOffered: [{ name, reason }] }`. */
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
              `this server has to offer it: ${error.message}`,
            )
          } finally {
            await Client.disconnectAll()
          }
        })
      QUnit.module(module, () => part({ test }, library, environment))
    }
    QUnit.start()
  })
