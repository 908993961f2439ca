// What a page's Content Security Policy, and the missing CORS headers of Channels servers, do to the library: it works, or says what to do.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"

import { check } from "../projects.mjs"
import { allowOrigins, launch, serveFiles } from "./chromium.mjs"
import { bundle } from "./suite.mjs"

export async function policies({ folder, environment, channels }) {
  const { server } = environment
  const through = await allowOrigins(server)
  const page = (policy) => ({
    type: "text/html",
    body: '<!doctype html><title>policy</title><script type="module" src="/start.js"></script>',
    headers: policy && { "content-security-policy": policy },
  })
  const script = (body) => ({ type: "text/javascript", body })
  const files = await serveFiles({
    "/none": page(),
    "/strict": page("script-src 'self'"),
    "/wasm": page(`default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${through.url}`),
    "/start.js": script(`
      globalThis.outcome = import("/library.js").then(
        (library) => Object.assign(globalThis, library) && "imported",
        (error) => ({ name: error.name, message: error.message, cause: error.cause?.name }),
      )`),
    "/library.js": script(await bundle(folder, 'export { Pusher } from "pusher-http-wasm"')),
  })
  const browser = await launch()
  const open = async (path) => {
    const page = await browser.newPage()
    await page.goto(files.url + path)
    return page
  }
  const imported = async (path) => (await open(path)).evaluate(() => globalThis.outcome)
  /** What a trigger from that page comes to. */
  const triggered = async (path, port) => {
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
      ...(await check({
        "a policy without 'wasm-unsafe-eval': the import fails and says what to add": async () => {
          const { message, cause } = await imported("/strict")
          assert.match(message, /pusher-http-wasm/)
          assert.match(message, /'wasm-unsafe-eval'/)
          assert.equal(cause, "CompileError")
        },
        "a policy with it, and nothing else that is not needed: signs and triggers": async () => {
          assert.deepEqual(await triggered("/wasm", through.port), { auth, status: 200 })
        },
        "no policy: signs and triggers": async () => {
          assert.deepEqual(await triggered("/none", through.port), { auth, status: 200 })
        },
        "a page of another origin asks before it sends, for no header but these": () => {
          assert.deepEqual(
            through.preflights.map((headers) => headers["access-control-request-headers"]),
            through.preflights.map(() => "content-type,x-pusher-library"),
          )
          assert.notEqual(through.preflights.length, 0)
        },
        "a server that allows no other origins: a network error, and nothing arrives": async () => {
          const events = () => channels.requests.filter(({ method }) => method === "POST").length
          const before = events()
          const { code, cause } = await triggered("/none", server.port)
          assert.deepEqual({ code, cause, events: events() }, { code: "network", cause: "TypeError", events: before })
        },
      })),
    }
  } finally {
    await browser.close()
    await Promise.all([files.close(), through.close()])
  }
}
