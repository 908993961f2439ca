// Runs the recipes with the frameworks that they are for, unchanged: pusher-js asks to subscribe, and webhooks come.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { copyFileSync, writeFileSync } from "node:fs"
import { mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { after, before, describe, test } from "node:test"
import { pathToFileURL } from "node:url"

import { serve } from "../packaging/projects.mjs"
import { installTools } from "../packaging/tools.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { readPage } from "./pages.mjs"

const { blocks, headings } = readPage("docs/recipes/index.md")
const env = { PUSHER_URL: "http://app-key:app-secret@127.0.0.1:6001/apps/app-id" }
const PACKAGES = [
  "@koa/router",
  "@nestjs/common",
  "@nestjs/core",
  "express",
  "fastify",
  "h3",
  "hono",
  "koa",
  "reflect-metadata",
]

let installed
before(async () => {
  const tools = await installTools("recipes")
  // Beside the recipes, and so that the frameworks find their own dependencies.
  installed = await installPacked()
  for (const name of PACKAGES) await link(tools, name)
  for (const { file, code } of blocks.filter(({ file }) => file?.endsWith(".js"))) save(file, code)
  copyFileSync(join(import.meta.dirname, "application.mjs"), join(installed.folder, "app.js"))
  for (const file of ["any-port.mjs", "any-port-bun.mjs"])
    copyFileSync(join(import.meta.dirname, file), join(installed.folder, file))
  save("app.module.js", APP_MODULE)
})
after(() => installed.remove())

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

/** What pusher-js sends. */
const ask = (channel) => ({ method: "POST", body: new URLSearchParams({ socket_id: "1.2", channel_name: channel }) })
/** What Channels sends. */
const webhook = (secret = "app-secret") => {
  const body = JSON.stringify({ time_ms: Date.now(), events: [{ name: "channel_occupied", channel: "private-a" }] })
  const signature = createHmac("sha256", secret).update(body).digest("hex")
  const headers = { "content-type": "application/json", "x-pusher-key": "app-key", "x-pusher-signature": signature }
  return { method: "POST", headers, body }
}

/** Sends the requests of pusher-js and of Channels. `send(path, init)` resolves to a `Response`. */
const exercise = async (send, { hasWebhooks = true } = {}) => {
  const allowed = await send("/pusher/auth", ask("private-a"))
  assert.equal(allowed.status, 200)
  assert.match((await allowed.json()).auth, /^app-key:[0-9a-f]{64}$/)
  assert.match((await (await send("/pusher/auth", ask("presence-lobby"))).json()).channel_data, /"user_id":"alice"/)
  assert.equal((await send("/pusher/auth", ask("private-another"))).status, 403)
  assert.equal((await send("/pusher/auth", ask("public"))).status, 400)
  if (!hasWebhooks) return
  assert.equal((await send("/pusher/webhook", webhook())).status, 200)
  assert.equal((await send("/pusher/webhook", webhook("another"))).status, 401)
}

describe("servers on Node", () => {
  for (const [file, options] of [
    ["express.js"],
    ["fastify.js"],
    ["koa.js"],
    ["nest.js"],
    ["http.js", { hasWebhooks: false }],
  ]) {
    test(`${file} authorises, and receives webhooks`, async () => {
      const server = await serve(process.execPath, ["--import", "./any-port.mjs", file], {
        cwd: installed.folder,
        env,
        ready: /listening on (\d+)/,
      })
      try {
        await exercise((path, init) => fetch(`http://127.0.0.1:${server.match[1]}${path}`, init), options)
      } finally {
        await server.stop()
      }
    })
  }
})

describe("servers on Deno and Bun", () => {
  const deno = ["run", "--no-prompt", "--node-modules-dir=manual", "--allow-net", "--allow-env", "deno.js"]
  for (const [file, command, args, more] of [
    ["deno.js", bin("deno"), deno, { DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0" }],
    ["bun.js", bin("bun"), ["--preload", "./any-port-bun.mjs", "bun.js"], {}],
  ]) {
    test(`${file} authorises, and receives webhooks`, async () => {
      const server = await serve(command, args, {
        cwd: installed.folder,
        env: { ...env, ...more },
        ready: /[Ll]istening on (?:http:\/\/127\.0\.0\.1:)?(\d+)/,
      })
      try {
        await exercise((path, init) => fetch(`http://127.0.0.1:${server.match[1]}${path}`, init))
      } finally {
        await server.stop()
      }
    })
  }
})

describe("handlers", () => {
  before(() => Object.assign(process.env, env))

  for (const file of ["worker.js", "hono.js"]) {
    test(`${file} authorises, and receives webhooks, with the variables that come with a request`, async () => {
      const { default: app } = await load(file)
      await exercise((path, init) => app.fetch(new Request(`http://localhost${path}`, init), env, {}))
    })
  }

  for (const [file, call] of [
    ["route.js", (module, request) => module.POST(request)],
    ["+server.js", (module, request) => module.POST({ request })],
    ["auth.js", (module, request) => module.POST({ request })],
    ["pusher.auth.js", (module, request) => module.action({ request })],
  ]) {
    test(`${file} authorises`, async () => {
      const module = await load(file)
      await exercise((path, init) => call(module, new Request(`http://localhost${path}`, init)), { hasWebhooks: false })
    })
  }

  test("auth.post.js authorises in h3, which Nuxt and Nitro use", async () => {
    const { default: handler } = await load("auth.post.js")
    const { createApp, toWebHandler } = await load("node_modules/h3/dist/index.mjs")
    const app = createApp()
    app.use("/pusher/auth", handler)
    const answer = toWebHandler(app)
    await exercise((path, init) => answer(new Request(`http://localhost${path}`, init)), { hasWebhooks: false })
  })

  test("lambda.js authorises behind a function URL", async () => {
    const { handler } = await load("lambda.js")
    const send = async (path, { method, body }) => {
      const headers = { host: "localhost", "content-type": "application/x-www-form-urlencoded" }
      const event = {
        requestContext: { http: { method } },
        rawPath: path,
        rawQueryString: "",
        headers,
        body: `${body}`,
      }
      const result = await handler(event, {})
      return new Response(result.body, { status: result.statusCode, headers: result.headers })
    }
    await exercise(send, { hasWebhooks: false })
  })
})

test("every recipe on the page is run here", () => {
  const other = ["Webhooks behind a body parser", "CORS", "What a handler gets from Node and Lambda"]
  const run = [
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
  ]
  const frameworks = ["SvelteKit", "Astro", "React Router", "Nuxt and Nitro"]
  assert.deepEqual(headings.slice(1).sort(), [...other, ...run, ...frameworks].sort())
})
