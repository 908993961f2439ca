// Runs the suite on every runtime, from the packed package in a fresh folder outside the tree.
//
//   node js-tests/run.mjs [RUNTIME…]
import { startLocalChannels } from "../pkg-template/testing/index.js"
import { chooseFault } from "./support/faults.mjs"
import { installPacked } from "./support/packed.mjs"
import { tryAll } from "./support/results.mjs"
import { installSuite, runtimes } from "./support/runtimes.mjs"

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in runtimes))
if (unknown.length > 0) {
  console.error(`unknown runtime ${unknown.join(", ")}: there are ${Object.keys(runtimes).join(", ")}`)
  process.exit(2)
}

const { folder, remove } = await installPacked()
installSuite(folder)
try {
  const names = Object.keys(runtimes).filter((name) => wanted.length === 0 || wanted.includes(name))
  process.exitCode = (await tryAll(names, tryOne)) ? 0 : 1
} finally {
  await remove()
}

async function tryOne(name) {
  const server = await startLocalChannels({ apps: [{ idempotency: true }], allManners: true })
  server.intercept(chooseFault)
  const { host, port, url } = server
  const { id, key, secret } = server.apps[0]
  try {
    return await runtimes[name](folder, {
      runtime: name,
      isThorough: true,
      server: { host, port, url, id, key, secret },
    })
  } catch (error) {
    return { passed: 0, failures: [{ name: "the whole runtime", reason: error.stack }] }
  } finally {
    await server.close()
  }
}
