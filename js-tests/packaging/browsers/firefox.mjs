// Runs the suite in a page of headless Firefox, and its smoke part in a service worker, which Firefox ends before it is through with the whole.
// The page sends the result to its server.
import { mkdir } from "node:fs/promises"
import { join } from "node:path"

import { installSuite } from "../../support/runtimes.mjs"
import { writeSmoke } from "../bundlers/project.mjs"
import { getBrotliSize, run, serve, waitUntilDeadline } from "../projects.mjs"
import { ensureInstalled } from "./debian.mjs"
import { allowOrigins, serveFiles } from "./servers.mjs"
import { bundle } from "./suite.mjs"

const executable = process.env.FIREFOX ?? "/usr/bin/firefox-esr"

const imports = `
import * as library from "pusher-http-wasm"
`
/** Each has a script, and a function that the page calls to get the result from it. */
const scenes = {
  page: {
    script: `${imports}
import QUnit from "qunit"
import { runSuite } from "./js-tests/suite/index.mjs"
QUnit.config.autostart = false
globalThis.answer = (environment) => runSuite(QUnit, library, environment)`,
    html: '<script src="/script.js"></script>',
    start: "globalThis.answer",
  },
  "service-worker": {
    script: `${imports}
import { smoke } from "./src/smoke.js"
addEventListener("message", (event) => {
  event.waitUntil(smoke(library, event.data).then((result) => event.source.postMessage(result)))
})`,
    html: "",
    start: `async (environment) => {
      const answer = new Promise((resolve) => {
        navigator.serviceWorker.onmessage = ({ data }) => resolve(data)
      })
      await navigator.serviceWorker.register("/script.js")
      const { active } = await navigator.serviceWorker.ready
      active.postMessage(environment)
      return answer
    }`,
  },
}

/** @param {keyof typeof scenes} scene @param {import("../run.mjs").Context} context */
export async function runInFirefox(scene, { folder, environment }) {
  await ensureInstalled("firefox-esr", executable, "FIREFOX")
  const [version] = /\d[\w.]*/.exec(await run(executable, ["--version"], { cwd: folder, env: { HOME: folder } }))
  installSuite(folder)
  await writeSmoke(folder)
  const { script, html, start } = scenes[scene]
  const { server } = environment
  const channels = await allowOrigins(server)
  const order = { ...environment, server: { ...server, port: channels.port, url: channels.url } }
  let report
  const answered = new Promise((resolve) => {
    report = resolve
  })
  const page = `<!doctype html><title>suite</title>${html}<script type="module">
    const report = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) })
    const failed = ({ stack, message }) => ({ passed: 0, failures: [{ name: "the page", reason: message + stack }] })
    const start = ${start}
    start(${JSON.stringify(order)}).catch(failed).then(report)
  </script>`
  const files = await serveFiles(
    {
      "/": { type: "text/html", body: page },
      // A classic script, as which any version takes a service worker.
      "/script.js": { type: "text/javascript", body: await bundle(folder, script, { format: "iife" }) },
    },
    (body) => report(JSON.parse(body)),
  )
  const profile = join(folder, "profile")
  await mkdir(profile)
  const browser = await serve(executable, ["--headless", "--no-remote", "--profile", profile, files.url], {
    cwd: folder,
    env: { HOME: folder },
    ready: /headless mode/,
  })
  try {
    const { passed, failures } = await waitUntilDeadline("the suite", answered)
    const library = 'import Pusher from "pusher-http-wasm"; globalThis.Pusher = Pusher'
    const bundleBytes = getBrotliSize(await bundle(folder, library, { minify: true }))
    return { version, passed, failures, bundleBytes }
  } finally {
    await browser.stop()
    await Promise.all([files.close(), channels.close()])
  }
}
