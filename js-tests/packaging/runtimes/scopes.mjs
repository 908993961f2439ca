// Checks scopes-worker.mjs with overlapping requests to one isolate.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"

import { combine, runCases } from "../projects.mjs"

const count = 50
const scopes = { module: "client at module scope", request: "client per request" }

/** Makes the Worker's variables. */
export const makeBindings = ({ url }) => ({
  PUSHER_URL: url,
  ENCRYPTION_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
})

/**
 * Checks both scopes.
 *
 * @param {string} origin the Worker's origin
 * @param {import("../run.mjs").Context} context
 */
export async function checkScopes(origin, context) {
  const results = []
  for (const scope of Object.keys(scopes)) results.push(await checkScope(scope, origin, context))
  return combine(...results)
}

function checkScope(scope, origin, { channels, environment }) {
  const { key, secret } = environment.server
  const names = Array.from({ length: count }, (_, index) => `${scope}-${index}`)
  const listArrived = (prefix) =>
    channels.requests
      .filter(({ method, response }) => method === "POST" && response?.status === 200)
      .map(({ body }) => JSON.parse(body))
      .filter((event) => event.channels?.[0].startsWith(`${prefix}-${scope}-`))
  let answers = []
  const cases = {
    async [`answers each of ${count} overlapping requests with its own data`]() {
      answers = await Promise.all(names.map((name) => ask(`${origin}/${scope}?name=${name}`)))
      const facts = answers.map(({ name, statuses, channels }) => ({ name, statuses, channels }))
      assert.deepEqual(
        facts,
        names.map((name) => ({ name, statuses: [200, 200], channels: {} })),
      )
    },
    "authorises the channel of each request"() {
      const expected = names.map((name) => createHmac("sha256", secret).update(`1.2:private-${name}`).digest("hex"))
      assert.deepEqual(
        answers.map(({ auth }) => auth),
        expected.map((signature) => `${key}:${signature}`),
      )
    },
    "fails only the call whose connection is reset"() {
      assert.deepEqual(
        answers.map(({ failure }) => failure),
        names.map(() => "network"),
      )
    },
    "sends each event once"() {
      const arrived = listArrived("plain").map(({ data }) => JSON.parse(data).name)
      assert.deepEqual(arrived.sort(), [...names].sort())
    },
    "sends each encrypted event once, with its own nonce"() {
      const nonces = listArrived("private-encrypted").map(({ data }) => JSON.parse(data).nonce)
      assert.deepEqual({ events: nonces.length, nonces: new Set(nonces).size }, { events: count, nonces: count })
    },
  }
  return runCases(Object.fromEntries(Object.entries(cases).map(([name, run]) => [`${scopes[scope]}: ${name}`, run])))
}

async function ask(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}
