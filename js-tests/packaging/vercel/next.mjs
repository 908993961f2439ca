// A Next.js application with a page that uses nothing, a route on the edge and one on Node: built, started, exercised.
import assert from "node:assert/strict"
import { cp, readFile } from "node:fs/promises"
import { join } from "node:path"

import { exercise } from "../exercise.mjs"
import { bringTools, brotliBytes, check, filesBelow, named, run, serve, together, versionIn } from "../projects.mjs"

const application = join(import.meta.dirname, "next-app")

/** @param {"turbopack" | "webpack"} bundler */
export const next = async (bundler, context) => {
  const { folder, environment } = context
  const { host, port, id, key, secret } = environment.server
  // Its package.json has no `"type": "module"`, as create-next-app has none: with it, Next's own build with webpack fails on every edge
  // route, for want of a route_client-reference-manifest.js.
  await cp(application, folder, { recursive: true })
  await bringTools("vercel", folder)
  const command = (...args) => [join(folder, "node_modules/next/dist/bin/next"), ...args]
  const telemetry = { NEXT_TELEMETRY_DISABLED: "1" }
  const printed = await run(process.execPath, command("build", `--${bundler}`), { cwd: folder, env: telemetry })
  const built = await filesBelow(join(folder, ".next"))

  const started = async (args, visit) => {
    const server = await serve(process.execPath, command(...args, "--hostname", "127.0.0.1", "--port", "0"), {
      cwd: folder,
      env: {
        ...telemetry,
        PUSHER_APP_ID: id,
        PUSHER_KEY: key,
        PUSHER_SECRET: secret,
        PUSHER_HOST: host,
        PUSHER_PORT: port,
        PUSHER_SCHEME: "http",
      },
      ready: /http:\/\/127\.0\.0\.1:([1-9]\d*)/,
    })
    try {
      return await visit(`http://127.0.0.1:${server.match[1]}`, server)
    } finally {
      await server.stop()
    }
  }
  const routes = (base, label) => ({
    ...named(`${label}edge`, exercise(`${base}/api/edge`, context)),
    ...named(`${label}Node`, exercise(`${base}/api/node`, context)),
  })
  const complaints = ({ output }) =>
    output()
      .split("\n")
      .filter((line) => /warn|⚠|⨯|error/i.test(line) && !ofNext.test(line))

  const parts = [
    await check({
      "the build warns of nothing that is the library's": () =>
        assert.deepEqual(complaints({ output: () => printed }), []),
      "exactly one module for the edge": () =>
        assert.equal(built.filter(({ path }) => path.endsWith(".wasm")).length, 1),
      "nothing of it is meant for the browser": () => {
        const leaked = built.filter(({ path, text }) => path.includes("/static/") && /pusher/i.test(text()))
        assert.deepEqual(
          leaked.map(({ path }) => path),
          [],
        )
      },
    }),
    await started(["start"], (base, server) =>
      check({
        ...routes(base, ""),
        "the page is there": async () => assert.match(await (await fetch(base)).text(), /Nothing of Channels here/),
        "the server complains of nothing": () => assert.deepEqual(complaints(server), []),
      }),
    ),
  ]
  const bundleBytes = await addedToTheEdge(join(folder, ".next"))
  parts.push(
    await started(["dev", `--${bundler}`], (base, server) =>
      check({
        ...routes(base, "development server, "),
        "the development server complains of nothing": () => assert.deepEqual(complaints(server), []),
      }),
    ),
  )
  return { version: versionIn(join(folder, "node_modules"), "next"), ...together(...parts), bundleBytes }
}

/** What Next says to everybody who uses its edge runtime, or builds for the first time. */
const ofNext = /Edge Runtime is deprecated|edge runtime on a page|No build cache/

/** What the route on the edge weighs more than the one that does nothing. */
async function addedToTheEdge(built) {
  const { functions } = JSON.parse(await readFile(join(built, "server/middleware-manifest.json"), "utf8"))
  const weigh = async (name) => {
    const { files, wasm = [] } = functions[name]
    const paths = [...files, ...wasm.map(({ filePath }) => filePath)]
    return brotliBytes(...(await Promise.all(paths.map((path) => readFile(join(built, path))))))
  }
  return (await weigh("/api/edge/[action]/route")) - (await weigh("/api/bare/route"))
}
