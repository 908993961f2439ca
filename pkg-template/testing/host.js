// What the embedded server takes from its host. It is looked up when a server starts, so that bundlers for other hosts find nothing to bundle.

/**
 * Returns modules of Node, which Deno and Bun have too.
 *
 * @throws on other hosts
 */
export function getModules() {
  const { process, navigator } = /** @type {any} */ (globalThis)
  // Workers have some of these modules, but no port to listen on.
  const get = navigator?.userAgent === "Cloudflare-Workers" ? undefined : process?.getBuiltinModule
  const http = get?.("node:http")
  if (!http) {
    throw new Error(
      "startLocalChannels needs node:http: it runs on Node 20.16, 22.3 or newer, Deno and Bun. Use fakeChannels on other runtimes",
    )
  }
  return { http, https: get("node:https"), stream: get("node:stream"), timers: get("node:timers") }
}

/**
 * Loads `ws`, an optional peer dependency: from where this package is, or else from where the program is, or from the working directory.
 *
 * @throws if it is not installed
 */
export async function loadWs() {
  // Not written into the `import`, so that bundlers do not look for it.
  const name = ["ws"].join()
  try {
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ name)
  } catch {
    const { process } = /** @type {any} */ (globalThis)
    const { createRequire } = process.getBuiltinModule("node:module")
    for (const place of [process.argv[1], `${process.cwd()}/`]) {
      try {
        return createRequire(place)(name)
      } catch {
        // The next place may have it.
      }
    }
    const message = "A local Channels server needs the package ws for its WebSockets: npm install --save-dev ws"
    throw Object.assign(new Error(message), { code: "missing_package" })
  }
}
