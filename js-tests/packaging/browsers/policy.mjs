// Pages with a Content Security Policy, or without CORS headers from the server: the library works, or says what to do.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"

import { runCases } from "../projects.mjs"
import { launchChromium } from "./chromium.mjs"
import { allowOrigins, serveFiles } from "./servers.mjs"
import { bundle } from "./suite.mjs"

export async function checkPolicies({ folder, environment, channels }) {
  const { server } = environment
  const proxy = await allowOrigins(server)
  const makePage = (policy) => ({
    type: "text/html",
    body: '<!doctype html><title>policy</title><script type="module" src="/start.js"></script>',
    headers: policy && { "content-security-policy": policy },
  })
  const makeScript = (body) => ({ type: "text/javascript", body })
  const files = await serveFiles({
    "/none": makePage(),
    "/strict": makePage("script-src 'self'"),
    "/wasm": makePage(`default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${proxy.url}`),
    "/start.js": makeScript(`
      globalThis.outcome = import("/library.js").then(
        (library) => Object.assign(globalThis, library) && "imported",
        (error) => ({ name: error.name, message: error.message, cause: error.cause?.name }),
      )`),
    "/library.js": makeScript(await bundle(folder, 'export { Pusher } from "pusher-http-wasm"')),
  })
  const browser = await launchChromium()
  const open = async (path) => {
    const page = await browser.newPage()
    await page.goto(files.url + path)
    return page
  }
  const importOn = async (path) => (await open(path)).evaluate(() => globalThis.outcome)
  /** Triggers an event from that page. */
  const triggerFrom = async (path, port) => {
    const page = await open(path)
    return page.evaluate(
      async ({ port, id, key, secret }) => {
        await globalThis.outcome
        const pusher = new globalThis.Pusher({ appId: id, key, secret, host: "127.0.0.1", port, useTLS: false })
        const { auth } = pusher.authorizeChannel("1.1", "private-a")
        return pusher.trigger("a", "event", "x").then(
          ({ status }) => ({ auth, status }),
          ({ code, message, hint, cause }) => ({ auth, code, message, hint, cause: cause.name }),
        )
      },
      { ...server, port },
    )
  }
  const auth = `${server.key}:${createHmac("sha256", server.secret).update("1.1:private-a").digest("hex")}`
  try {
    return {
      version: browser.version(),
      ...(await runCases({
        "fails to import under a policy without 'wasm-unsafe-eval', and says what to add": async () => {
          const { message, cause } = await importOn("/strict")
          assert.match(message, /pusher-http-wasm/)
          assert.match(message, /'wasm-unsafe-eval'/)
          assert.equal(cause, "CompileError")
        },
        "signs and triggers under a policy that allows only that and the connection": async () => {
          assert.deepEqual(await triggerFrom("/wasm", proxy.port), { auth, status: 200 })
        },
        "signs and triggers without a policy": async () => {
          assert.deepEqual(await triggerFrom("/none", proxy.port), { auth, status: 200 })
        },
        "sends only headers that a page of another origin may ask for": () => {
          assert.deepEqual(
            proxy.preflights.map((headers) => headers["access-control-request-headers"]),
            proxy.preflights.map(() => "content-type,x-pusher-library"),
          )
          assert.notEqual(proxy.preflights.length, 0)
        },
        "rejects with a network error, and sends nothing, if the server allows no other origins": async () => {
          const countEvents = () => channels.requests.filter(({ method }) => method === "POST").length
          const before = countEvents()
          const { code, cause } = await triggerFrom("/none", server.port)
          assert.deepEqual(
            { code, cause, events: countEvents() },
            { code: "network", cause: "TypeError", events: before },
          )
        },
      })),
    }
  } finally {
    await browser.close()
    await Promise.all([files.close(), proxy.close()])
  }
}
