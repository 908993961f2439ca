// Checks scopes-worker.mjs from outside, with overlapping requests to one isolate.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"

import { check, together } from "../projects.mjs"

const count = 50
const scopes = { module: "client at module scope", request: "client per request" }

/** What the Worker has to know. */
export const bindingsOf = ({ url }) => ({
  PUSHER_URL: url,
  ENCRYPTION_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
})

/**
 * @param {string} origin that the Worker is served at
 * @param {import("../run.mjs").Context} context
 */
export async function checkScopes(origin, context) {
  const results = []
  for (const scope of Object.keys(scopes)) results.push(await checkScope(scope, origin, context))
  return together(...results)
}

function checkScope(scope, origin, { channels, environment }) {
  const { key, secret } = environment.server
  const names = Array.from({ length: count }, (_, index) => `${scope}-${index}`)
  const arrivedAt = (prefix) =>
    channels.requests
      .filter(({ method, response }) => method === "POST" && response?.status === 200)
      .map(({ body }) => JSON.parse(body))
      .filter((event) => event.channels?.[0].startsWith(`${prefix}-${scope}-`))
  let answers = []
  const cases = {
    async [`${count} overlapping requests are answered, each with its own`]() {
      answers = await Promise.all(names.map((name) => ask(`${origin}/${scope}?name=${name}`)))
      const facts = answers.map(({ name, statuses, channels }) => ({ name, statuses, channels }))
      assert.deepEqual(
        facts,
        names.map((name) => ({ name, statuses: [200, 200], channels: {} })),
      )
    },
    "each authorises its own channel"() {
      const expected = names.map((name) => createHmac("sha256", secret).update(`1.2:private-${name}`).digest("hex"))
      assert.deepEqual(
        answers.map(({ auth }) => auth),
        expected.map((signature) => `${key}:${signature}`),
      )
    },
    "a connection that is reset fails its own call only"() {
      assert.deepEqual(
        answers.map(({ failure }) => failure),
        names.map(() => "network"),
      )
    },
    "each event arrives once"() {
      const arrived = arrivedAt("plain").map(({ data }) => JSON.parse(data).name)
      assert.deepEqual(arrived.sort(), [...names].sort())
    },
    "each encrypted event arrives once, no two with one nonce"() {
      const nonces = arrivedAt("private-encrypted").map(({ data }) => JSON.parse(data).nonce)
      assert.deepEqual([nonces.length, new Set(nonces).size], [count, count])
    },
  }
  return check(Object.fromEntries(Object.entries(cases).map(([name, run]) => [`${scopes[scope]}: ${name}`, run])))
}

async function ask(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}
