// Runs the recipes with the frameworks that they are for, unchanged: pusher-js asks to subscribe, also from a page of another origin, webhooks
// come, and events are sent. Recipes of frameworks that build first are run by the places of ../packaging.
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { copyFileSync, readdirSync, writeFileSync } from "node:fs"
import { mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { serve } from "../packaging/projects.mjs"
import { exerciseRecipe, headings, listFiles, sendTo, writeRecipe } from "../packaging/recipes/recipes.mjs"
import { installTools } from "../packaging/tools.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { serveWorker } from "../support/workerd.mjs"
import { readPage } from "./pages.mjs"

const PACKAGES = [
  "@koa/router",
  "@nestjs/common",
  "@nestjs/core",
  "express",
  "fastify",
  "hono",
  "koa",
  "reflect-metadata",
]

/** The recipes that run here. */
const RECIPES = [
  "Workers",
  "Deno and Bun",
  "Hono",
  "Next.js",
  "Express",
  "Fastify",
  "Koa",
  "NestJS",
  "`node:http`",
  "AWS Lambda",
  "React Router",
]

let installed, channels, env
before(async () => {
  const tools = await installTools("recipes")
  channels = await startLocalChannels()
  const [{ id, key, secret }] = channels.apps
  env = { PUSHER_URL: `http://${key}:${secret}@${channels.host}:${channels.port}/apps/${id}` }
  // Beside the recipes, and so that the frameworks find their own dependencies.
  installed = await installPacked()
  for (const name of PACKAGES) await link(tools, name)
  for (const recipe of RECIPES) writeRecipe(installed.folder, recipe)
  for (const file of ["any-port.mjs", "any-port-bun.mjs"])
    copyFileSync(join(import.meta.dirname, file), join(installed.folder, file))
  save("app.module.js", APP_MODULE)
  // React Router's routes expect these in `app`. The page says what env.js is on Node.
  writeRecipe(installed.folder, "React Router", { shared: "app" })
  save("app/env.js", 'export { env } from "node:process"\n')
})
after(async () => {
  await channels.close()
  await installed.remove()
})

/** What the NestJS recipe imports of the reader's application. */
const APP_MODULE = `
import "reflect-metadata"
import { Module } from "@nestjs/common"
export class AppModule {}
Module({})(AppModule)
`

const save = (file, code) => writeFileSync(join(installed.folder, file), code)

const link = async (tools, name) => {
  const path = join(installed.folder, "node_modules", name)
  await mkdir(join(path, ".."), { recursive: true })
  await symlink(join(tools, name), path, "dir")
}

const load = (file) => import(pathToFileURL(join(installed.folder, file)))

const exercise = async (send) => {
  for (const run of Object.values(exerciseRecipe(send, channels))) await run()
}

/** Starts a recipe's server, which prints its port, and calls `act` with the port. */
const serveWhile = async (command, args, act, { cwd = installed.folder, more = {} } = {}) => {
  const server = await serve(command, args, {
    cwd,
    env: { ...env, ...more },
    ready: /[Ll]istening on (?:http:\/\/127\.0\.0\.1:)?(\d+)/,
  })
  try {
    await act(server.match[1])
  } finally {
    await server.stop()
  }
}

const exerciseServer = (command, args, more) =>
  serveWhile(command, args, (port) => exercise(sendTo(`http://127.0.0.1:${port}`)), { more })

describe("servers on Node", () => {
  for (const file of ["server.js", "fastify.js", "koa.js", "nest.js", "http.js"]) {
    test(file, () => exerciseServer(process.execPath, ["--import", "./any-port.mjs", file]))
  }
})

test("the page's app.js and commands try the Express recipe", async () => {
  const cwd = join(installed.folder, "trying")
  writeRecipe(cwd, "Express")
  const app = listFiles("Recipes").find(({ file }) => file === "app.js")
  assert.ok(app)
  writeFileSync(join(cwd, "app.js"), app.code)
  const { blocks } = readPage("docs/recipes/index.md")
  const commands = blocks.filter(({ heading, lang }) => heading === "Express" && lang === "sh")
  const lines = commands.flatMap(({ code }) => code.trim().split("\n"))
  const answers = []
  const run = async (port) => {
    for (const line of lines) {
      const { stdout } = await promisify(execFile)("sh", ["-c", `${line.replace(":3000", `:${port}`)} --silent`])
      answers.push(JSON.parse(stdout))
    }
  }
  await serveWhile(process.execPath, ["--import", "../any-port.mjs", "server.js"], run, { cwd })
  assert.match(answers[0].auth, /^app-key:[0-9a-f]{64}$/)
  assert.deepEqual(answers.slice(1), [{ sent: true }])
})

describe("servers on Deno and Bun", () => {
  const deno = ["run", "--no-prompt", "--node-modules-dir=manual", "--allow-net", "--allow-env", "deno.js"]
  test("deno.js", () => exerciseServer(bin("deno"), deno, { DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0" }))
  test("bun.js", () => exerciseServer(bin("bun"), ["--preload", "./any-port-bun.mjs", "bun.js"]))
})

describe("Workers in workerd", () => {
  for (const file of ["worker.js", "hono.js"]) {
    test(file, async () => {
      const { folder } = installed
      const worker = await serveWorker({ folder, entry: join(folder, file), name: file, bindings: env })
      try {
        await exercise(sendTo(new URL(worker.url).origin))
      } finally {
        worker.stop()
      }
    })
  }
})

describe("handlers on Node", () => {
  before(() => Object.assign(process.env, env))
  after(() => delete process.env.PUSHER_URL)

  test("hono.js", async () => {
    const { default: app } = await load("hono.js")
    await exercise(async (path, init) => app.fetch(new Request(`http://localhost${path}`, init)))
  })

  test("the routes of Next.js, called in its form", async () => {
    const routes = {
      "/pusher/auth": await load("app/api/pusher/auth/route.js"),
      "/pusher/webhook": await load("app/api/pusher/webhook/route.js"),
      "/messages": await load("app/api/messages/route.js"),
    }
    const context = { params: Promise.resolve({}) }
    await exercise((path, init) => routes[path][init.method](new Request(`http://localhost${path}`, init), context))
  })

  test("the routes of React Router, called in its form", async () => {
    const routes = {
      "/pusher/auth": await load("app/routes/pusher.auth.js"),
      "/pusher/webhook": await load("app/routes/pusher.webhook.js"),
      "/messages": await load("app/routes/messages.js"),
    }
    await exercise((path, init) => {
      const name = init.method === "OPTIONS" ? "loader" : "action"
      return routes[path][name]({ request: new Request(`http://localhost${path}`, init), params: {} })
    })
  })

  test("lambda.js behind a function URL", async () => {
    const { handler } = await load("lambda.js")
    await exercise(async (path, { method, headers, body }) => {
      const event = {
        requestContext: { http: { method } },
        rawPath: path,
        rawQueryString: "",
        headers: { host: "localhost", ...headers },
        body,
      }
      const result = await handler(event, {})
      const hasBody = ![204, 304].includes(result.statusCode)
      return new Response(hasBody ? result.body : null, { status: result.statusCode, headers: result.headers })
    })
  })
})

test("every recipe on the page is run, here or by a place", async () => {
  const texts = [
    "Recipes",
    "Where the variables come from",
    "Webhooks behind a body parser",
    "CORS",
    "What a handler gets from Node and Lambda",
  ]
  const files = readdirSync(join(import.meta.dirname, "../packaging/places"))
  const places = await Promise.all(files.map((file) => import(`../packaging/places/${file}`)))
  const inPlaces = new Set(places.flatMap(({ default: { recipe } }) => recipe ?? []))
  assert.deepEqual(
    headings.filter((heading) => !texts.includes(heading) && !RECIPES.includes(heading) && !inPlaces.has(heading)),
    [],
  )
  // The page says that these are built.
  assert.deepEqual([...inPlaces].sort(), ["Astro", "Next.js", "Nuxt and Nitro", "React Router", "SvelteKit"])
})
