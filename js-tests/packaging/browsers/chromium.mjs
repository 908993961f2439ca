// Starts headless Chromium, a server for a page's files, and a proxy between the page and the Channels server.
import { execFile } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { createServer, request as send } from "node:http"
import { createRequire } from "node:module"
import { join } from "node:path"
import { promisify } from "node:util"

import { Unavailable } from "../projects.mjs"
import { installTools } from "../tools.mjs"

const executable = process.env.CHROMIUM ?? "/usr/bin/chromium"
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Starts Chromium with a temporary profile. If it is missing, root installs Debian's package; others get `Unavailable`. */
export async function launchChromium() {
  if (!existsSync(executable)) await install()
  const { chromium } = createRequire(join(await installTools("browsers"), "_"))("playwright-core")
  return chromium.launch({ executablePath: executable, headless: true, args: flags })
}

async function install() {
  const reason = `there is no ${executable}: install Debian's package \`chromium\`, or name another with the variable CHROMIUM`
  if (process.env.CHROMIUM || process.getuid?.() !== 0) throw new Unavailable(reason)
  console.log("==> installing Debian's chromium (once)")
  const apt = (...args) =>
    promisify(execFile)("apt-get", args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
  try {
    await apt("update", "--quiet")
    await apt("install", "--quiet", "--yes", "--no-install-recommends", "chromium")
  } catch (cause) {
    throw new Unavailable(
      `${reason} (apt-get could not install it: ${(cause.stderr || cause.message).trim().split("\n").at(-1)})`,
    )
  }
}

const listen = async (server) => {
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address()
  const close = async () => {
    const ended = once(server, "close")
    server.close()
    server.closeAllConnections()
    await ended
  }
  return { port, url: `http://127.0.0.1:${port}`, close }
}

/**
 * Serves texts from memory.
 *
 * @param {Record<string, { type: string, body: string, headers?: Record<string, string> }>} files by path
 */
export const serveFiles = (files) =>
  listen(
    createServer(({ url }, response) => {
      const file = files[url]
      if (!file) return response.writeHead(404).end()
      response.writeHead(200, { "content-type": file.type, ...file.headers }).end(file.body)
    }),
  )

/**
 * Starts a proxy that adds the CORS headers that pages need to talk to a Channels server, which sends none. Passes everything else through
 * unchanged, misbehaviour included.
 */
export async function allowOrigins({ host, port }) {
  const preflights = []
  const allow = { "access-control-allow-origin": "*" }
  const server = await listen(
    createServer((request, response) => {
      if (request.method === "OPTIONS") {
        preflights.push(request.headers)
        const { "access-control-request-headers": headers = "", "access-control-request-method": methods } =
          request.headers
        response
          .writeHead(204, {
            ...allow,
            "access-control-allow-headers": headers,
            "access-control-allow-methods": methods,
          })
          .end()
        return
      }
      const { method, url, headers } = request
      let isComplete = () => false
      const upstream = send({ host, port, method, path: url, headers }, (answer) => {
        isComplete = () => answer.complete
        response.writeHead(answer.statusCode, answer.statusMessage, { ...answer.headers, ...allow })
        answer.on("error", () => response.destroy())
        answer.pipe(response)
      })
      // After a whole answer there may be more than it announced.
      upstream.on("error", () => isComplete() || response.destroy())
      upstream.on("upgrade", () => response.destroy())
      response.on("close", () => upstream.destroy())
      request.pipe(upstream)
    }),
  )
  return { ...server, preflights }
}
