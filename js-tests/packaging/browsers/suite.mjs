// Runs the suite in a page of Chromium, or in a worker that a page starts.
import { esbuild } from "../../../tools/packages.mjs"
import { installSuite } from "../../support/runtimes.mjs"
import { getBrotliSize, waitUntilDeadline } from "../projects.mjs"
import { launchChromium } from "./chromium.mjs"
import { allowOrigins, serveFiles } from "./servers.mjs"

const imports = `
import QUnit from "qunit"
import * as library from "pusher-http-wasm"
import { runSuite } from "./js-tests/suite/index.mjs"
`

/** Each has a script, and a function that the page calls to get the suite's result from it. */
const scenes = {
  page: {
    // QUnit would start by itself, without tests, when the page has loaded.
    script: `${imports} QUnit.config.autostart = false; globalThis.result = (environment) => runSuite(QUnit, library, environment)`,
    html: '<script type="module" src="/script.js"></script>',
    start: (environment) => globalThis.result(environment),
  },
  worker: {
    script: `${imports} onmessage = async ({ data }) => postMessage(await runSuite(QUnit, library, data))`,
    start: (environment) =>
      new Promise((resolve, reject) => {
        const worker = new Worker("/script.js", { type: "module" })
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`))
        worker.postMessage(environment)
      }),
  },
  "service-worker": {
    script: `${imports}
addEventListener("message", (event) => {
  event.waitUntil(runSuite(QUnit, library, event.data).then((result) => event.source.postMessage(result)))
})`,
    start: async (environment) => {
      const answer = new Promise((resolve) => {
        navigator.serviceWorker.onmessage = ({ data }) => resolve(data)
      })
      await navigator.serviceWorker.register("/script.js", { type: "module" })
      const { active } = await navigator.serviceWorker.ready
      active.postMessage(environment)
      return answer
    },
  },
}

/** Runs the suite. @param {keyof typeof scenes} scene */
export async function runSuiteIn(scene, { folder, environment }) {
  installSuite(folder)
  const { script, html = "", start } = scenes[scene]
  const library = 'import Pusher from "pusher-http-wasm"; globalThis.Pusher = Pusher'
  const [suite, alone] = await Promise.all([bundle(folder, script), bundle(folder, library, { minify: true })])
  const files = await serveFiles({
    "/": { type: "text/html", body: `<!doctype html><title>suite</title>${html}` },
    "/script.js": { type: "text/javascript", body: suite },
  })
  const { server } = environment
  const channels = await allowOrigins(server)
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    await page.goto(files.url)
    const { port, url } = channels
    const { passed, failures } = await waitUntilDeadline(
      "the suite",
      page.evaluate(start, { ...environment, server: { ...server, port, url } }),
    )
    return { version: browser.version(), passed, failures, bundleBytes: getBrotliSize(alone) }
  } finally {
    await browser.close()
    await Promise.all([files.close(), channels.close()])
  }
}

/** Bundles as a page's tools do: one file, without Node's modules. */
export async function bundle(folder, contents, options = {}) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: folder, sourcefile: "script.mjs" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    external: ["node:*"],
    logLevel: "error",
    ...options,
  })
  return outputFiles[0].text
}
