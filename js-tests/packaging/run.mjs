// Tests the packed package in every place where its users work: each place of places/ is a user's project in a fresh folder outside of the
// tree. Prints the results and keeps them in target/places/, from which the table of docs/where-it-runs.md is made.
//
//   node js-tests/packaging/run.mjs [PLACE…]
import { mkdir, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { chooseFault } from "../support/faults.mjs"
import { installPacked } from "../support/packed.mjs"
import { tryAll } from "../support/results.mjs"
import { Unavailable } from "./projects.mjs"

/**
 * @typedef {object} Context input of a place
 * @property {string} folder a fresh folder with package.json and the packed package installed
 * @property {string} tarball the packed package
 * @property {{ runtime: string, server: object }} environment for the suite: the embedded Channels server
 * @property {object} channels the embedded server itself, whose `requests` record what arrived
 * @property {string} url connection URL: http://KEY:SECRET@HOST:PORT/apps/ID
 * @property {string} [recipe] the place's
 *
 * @typedef {object} Result
 * @property {string} version version of the place's runtime or tool
 * @property {number} passed number of cases
 * @property {{ name: string, reason: string }[]} failures
 * @property {number} [bundleBytes] bytes that the library adds to the bundle, brotli
 *
 * @typedef {object} Place the default export of a file of places/
 * @property {string} name its row in the table
 * @property {string} group its group in that table
 * @property {string} [recipe] heading of the recipe in docs/recipes/index.md whose files the project has as well
 * @property {(context: Context) => Promise<Result>} run throws `Unavailable` if it cannot be tried
 */

const results = join(import.meta.dirname, "../../target/places")

const wanted = process.argv.slice(2)
const files = (await readdir(join(import.meta.dirname, "places"))).filter((file) => file.endsWith(".mjs")).sort()
const ids = files.map((file) => file.slice(0, -".mjs".length))
const unknown = wanted.filter((id) => !ids.includes(id))
if (unknown.length > 0) {
  console.error(`unknown place ${unknown.join(", ")}: there are ${ids.join(", ")}`)
  process.exit(2)
}

await mkdir(results, { recursive: true })
const isGood = await tryAll(
  ids.filter((id) => wanted.length === 0 || wanted.includes(id)),
  async (id) => {
    const { default: place } = await import(`./places/${id}.mjs`)
    const { passed, failures, ...facts } = await visit(place)
    const kept = { name: place.name, group: place.group, passed, failed: failures.length, ...facts }
    await writeFile(join(results, `${id}.json`), `${JSON.stringify(kept, null, 2)}\n`)
    return { passed, failures, unavailable: facts.unavailable }
  },
)
process.exit(isGood ? 0 : 1)

/** Runs a place with a fresh project and server. @param {Place} place @returns {Promise<Result>} */
async function visit(place) {
  const [{ folder, tarball, remove }, channels] = await Promise.all([
    installPacked(),
    // A webhook that fails is sent once: a failing place should not wait five minutes for the other attempts.
    startLocalChannels({ apps: [{ idempotency: true }], allManners: true, webhookRetryDelays: [] }),
  ])
  channels.intercept(chooseFault)
  const { host, port, url } = channels
  const { id, key, secret } = channels.apps[0]
  try {
    return await place.run({
      folder,
      tarball,
      channels,
      recipe: place.recipe,
      environment: { runtime: place.name, server: { host, port, url, id, key, secret } },
      url: `http://${key}:${secret}@${host}:${port}/apps/${id}`,
    })
  } catch (error) {
    if (error instanceof Unavailable)
      return { version: error.version, passed: 0, failures: [], unavailable: error.message }
    return { version: "", passed: 0, failures: [{ name: "the whole place", reason: error.stack }] }
  } finally {
    await channels.close()
    await remove()
  }
}
