// Builds, starts and exercises a Next.js application with an edge route, a Node route, and a page that does not use the library.
import assert from "node:assert/strict"
import { cp, readFile } from "node:fs/promises"
import { join } from "node:path"

import { copyApplication, exerciseBoth } from "../endpoints/exercise.mjs"
import { makeVariables } from "../frameworks/servers.mjs"
import {
  combine,
  copyTools,
  getBrotliSize,
  listFiles,
  prefixNames,
  readVersion,
  run,
  runCases,
  serve,
} from "../projects.mjs"
import { writeRecipe } from "../recipes/recipes.mjs"

const application = join(import.meta.dirname, "next-app")

/** The folders of routes, and what the recipe's files have there besides. */
const runtimes = { node: "", edge: 'export const runtime = "edge"\n' }

/** @param {"turbopack" | "webpack"} bundler */
export const runNext = async (bundler, context) => {
  const { folder } = context
  // Its package.json has no `"type": "module"`, like create-next-app's. With it, Next's own build with webpack fails on every edge
  // route, because a route_client-reference-manifest.js is missing.
  await cp(application, folder, { recursive: true })
  await copyApplication(join(folder, "app"))
  for (const [runtime, end] of Object.entries(runtimes)) {
    // Without the setting that is for OpenNext.
    const rename = (file) => (file.startsWith("app/api/") ? file.replace("app/api/", `app/api/${runtime}/`) : undefined)
    writeRecipe(folder, context.recipe, { shared: "app", rename, end })
  }
  await copyTools("vercel", folder)
  const makeCommand = (...args) => [join(folder, "node_modules/next/dist/bin/next"), ...args]
  const telemetry = { NEXT_TELEMETRY_DISABLED: "1" }
  const printed = await run(process.execPath, makeCommand("build", `--${bundler}`), { cwd: folder, env: telemetry })
  const built = await listFiles(join(folder, ".next"))

  const serveWhile = async (args, visit) => {
    const server = await serve(process.execPath, makeCommand(...args, "--hostname", "127.0.0.1", "--port", "0"), {
      cwd: folder,
      env: {
        ...telemetry,
        ...makeVariables(context),
      },
      ready: /http:\/\/127\.0\.0\.1:([1-9]\d*)/,
    })
    try {
      return await visit(`http://127.0.0.1:${server.match[1]}`, server)
    } finally {
      await server.stop()
    }
  }
  const exerciseRoutes = (base, label) => ({
    ...prefixNames(`${label}edge`, exerciseBoth(`${base}/api/edge`, context)),
    ...prefixNames(`${label}Node`, exerciseBoth(`${base}/api/node`, context)),
  })
  const listComplaints = ({ output }) =>
    output()
      .split("\n")
      .filter((line) => /warn|⚠|⨯|error/i.test(line) && !commonWarnings.test(line) && !refusals.test(line))

  const parts = [
    await runCases({
      "is built without warnings about the library": () =>
        assert.deepEqual(listComplaints({ output: () => printed }), []),
      "builds exactly one module for the edge": () =>
        assert.equal(built.filter(({ path }) => path.endsWith(".wasm")).length, 1),
      "sends nothing of the package to browsers": () => {
        const leaked = built.filter(({ path, text }) => path.includes("/static/") && /pusher/i.test(text()))
        assert.deepEqual(
          leaked.map(({ path }) => path),
          [],
        )
      },
    }),
    await serveWhile(["start"], (base, server) =>
      runCases({
        ...exerciseRoutes(base, ""),
        "serves the page": async () => assert.match(await (await fetch(base)).text(), /Nothing of Channels here/),
        "serves without warnings": () => assert.deepEqual(listComplaints(server), []),
      }),
    ),
  ]
  const bundleBytes = await measureEdgeWeight(join(folder, ".next"))
  parts.push(
    await serveWhile(["dev", `--${bundler}`], (base, server) =>
      runCases({
        ...exerciseRoutes(base, "development server, "),
        "serves without warnings in development": () => assert.deepEqual(listComplaints(server), []),
      }),
    ),
  )
  return { version: readVersion(join(folder, "node_modules"), "next"), ...combine(...parts), bundleBytes }
}

/** Warnings that Next prints to all users of its edge runtime, or at the first build. */
const commonWarnings = /Edge Runtime is deprecated|edge runtime on a page|No build cache/

/** What the recipe logs where the server refuses an event, with the lines of code that Next prints then. */
const refusals = /^not sent PusherRequestError|^ *\d+ \|/

/** Returns how many bytes the edge route has more than one that does not use the library. */
async function measureEdgeWeight(built) {
  const { functions } = JSON.parse(await readFile(join(built, "server/middleware-manifest.json"), "utf8"))
  const weigh = async (name) => {
    const { files, wasm = [] } = functions[name]
    const paths = [...files, ...wasm.map(({ filePath }) => filePath)]
    return getBrotliSize(...(await Promise.all(paths.map((path) => readFile(join(built, path))))))
  }
  return (await weigh("/api/edge/[action]/route")) - (await weigh("/api/bare/route"))
}
