// Runs the suite on every runtime, from the packed package in a fresh folder outside the tree.
//
//   node js-tests/run.mjs [RUNTIME…]
import { startLocalChannels } from "../pkg-template/testing/index.js"
import { chooseFault } from "./support/faults.mjs"
import { forEachInLanes } from "./support/lanes.mjs"
import { installPacked } from "./support/packed.mjs"
import { installSuite, runtimes } from "./support/runtimes.mjs"

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in runtimes))
if (unknown.length > 0) {
  console.error(`unknown runtime ${unknown.join(", ")}: there are ${Object.keys(runtimes).join(", ")}`)
  process.exit(2)
}

const { folder, remove } = await installPacked()
installSuite(folder)
const totals = { passed: 0, failed: 0 }
try {
  const chosen = Object.entries(runtimes).filter(([name]) => wanted.length === 0 || wanted.includes(name))
  await forEachInLanes(chosen, async ([name, run]) => {
    const { passed, failed } = await runOne(name, run)
    totals.passed += passed
    totals.failed += failed
  })
} finally {
  await remove()
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0

async function runOne(name, run) {
  const server = await startLocalChannels({ apps: [{ idempotency: true }], allManners: true })
  server.intercept(chooseFault)
  const { host, port, url } = server
  const { id, key, secret } = server.apps[0]
  try {
    const { passed, failed, failures } = await run(folder, {
      runtime: name,
      isThorough: true,
      server: { host, port, url, id, key, secret },
    })
    for (const failure of failures) console.log(`\n✗ ${name}: ${failure.name}\n${failure.reason}\n`)
    console.log(`${name}: ${passed} passed, ${failed} failed`)
    return { passed, failed }
  } catch (error) {
    console.log(`\n✗ ${name}: ${error.stack}\n`)
    console.log(`${name}: 0 passed, 1 failed`)
    return { passed: 0, failed: 1 }
  } finally {
    await server.close()
  }
}
