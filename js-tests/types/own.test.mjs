// Programs that use this library's own types, and those types by themselves: on every host, with every library of types for one.
import assert from "node:assert/strict"
import { cpSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { after, describe, test } from "node:test"

import { byCommand, inProcess, loadTypeScript, makeProject, show, writeFiles } from "./compile.mjs"

const project = await makeProject()
after(project.remove)
const { folder, tools } = project
cpSync(join(import.meta.dirname, "own"), join(folder, "own"), { recursive: true })

const COMPILERS = {
  "TypeScript 5.0": inProcess(loadTypeScript(tools, "typescript-5.0"), project),
  "TypeScript 5": inProcess(loadTypeScript(tools, "typescript-5"), project),
  "TypeScript 7": byCommand(join(tools, "typescript-7/bin/tsc"), project),
}
const STRICT = { strict: true, target: "es2022", skipLibCheck: false, types: [] }
const WEB = ["es2022", "dom", "dom.iterable"]
const RESOLUTIONS = {
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
}

const assertCompiles = async (compile, options, files) =>
  assert.deepEqual(show(folder, await compile({ ...STRICT, ...options }, files)), [])

for (const [compiler, compile] of Object.entries(COMPILERS)) {
  describe(compiler, () => {
    for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
      test(`compiles the programs of own/, under ${resolution}`, async () => {
        const isBundler = resolution === "bundler"
        const knowsUsing = compiler !== "TypeScript 5.0"
        const names = readdirSync(join(folder, "own")).filter(
          (name) => (!name.endsWith(".cts") || !isBundler) && (name !== "using.mts" || knowsUsing),
        )
        const lib = knowsUsing ? [...WEB, "esnext.disposable"] : WEB
        const files = names.map((name) => join(folder, "own", name))
        await assertCompiles(compile, { ...options, lib, exactOptionalPropertyTypes: true }, files)
      })
    }
  })
}

const USE = `import Pusher from "pusher-http-wasm"
const pusher = new Pusher({ appId: "1", key: "key", secret: "secret", agent: (url) => ({ destroy() { url.hostname satisfies string } }) })
const response = await pusher.trigger("channel", "event", {}, { info: "user_count" })
response.status satisfies number
response.headers.get("content-type") satisfies string | null
const { channels } = await response.json()
channels?.channel?.user_count satisfies number | undefined
const subclass = class extends Pusher {
  get(options: Pusher.GetOptions): Promise<Pusher.Response> {
    return super.get(options)
  }
}
pusher.free()
void subclass
`
const USE_WEB = `${USE}
const isSame: Response = response
const double = async (): Promise<Pusher.Response> => new Response("{}")
new Pusher({ appId: "1", key: "key", secret: "secret", fetch })
new Pusher({ appId: "1", key: "key", secret: "secret", fetch: (url, init) => fetch(url, { ...init, redirect: "manual" }) })
new Pusher({ appId: "1", key: "key", secret: "secret", fetch: async () => new Response("{}") })
pusher.get({ path: "/channels", signal: new AbortController().signal })
pusher.webhook({ headers: new Headers(), rawBody: "" })
void [isSame, double]
`
/** A mock has the type of what a method returns; the host's own \`Response\` must do for it. */
const USE_MOCK = `
type Returned = ReturnType<Pusher["trigger"]>
const mocked: Returned = Promise.resolve(new Response("{}"))
const batch: ReturnType<Pusher["triggerBatch"]> = Promise.resolve(new Response("{}"))
void [mocked, batch]
`
const HOSTS = {
  "no types of a host": { lib: ["es2022"], text: USE },
  "a `lib` older than `esnext.disposable`": { lib: WEB, text: USE_WEB + USE_MOCK },
  "the library `dom` without `dom.iterable`": { lib: ["es2022", "dom"], text: USE_WEB + USE_MOCK },
  "Node's types": { lib: ["es2022"], types: ["node"], text: USE_WEB + USE_MOCK },
  "Node's types and the library `dom`": { lib: WEB, types: ["node"], text: USE_WEB + USE_MOCK },
  "Cloudflare's types": {
    lib: ["es2022"],
    types: ["@cloudflare/workers-types"],
    text: `${USE_WEB}${USE_MOCK}
declare const service: Fetcher
new Pusher({ appId: "1", key: "key", secret: "secret", fetch: (url, init) => service.fetch(url, init) })
`,
  },
}
describe("the declarations have no errors, without skipLibCheck, with", () => {
  for (const [host, { text, lib, types = [] }] of Object.entries(HOSTS)) {
    test(host, async () => {
      const files = writeFiles(folder, { "host.mts": text })
      for (const exactOptionalPropertyTypes of [false, true]) {
        const options = { ...RESOLUTIONS.nodenext, lib, types, exactOptionalPropertyTypes }
        // Other libraries' types may have errors of their own: only this one's are read.
        await assertCompiles(COMPILERS["TypeScript 5"], options, files)
      }
    })
  }
})

test("`bindChunked` takes pusher-js's channels", async () => {
  const text = `import PusherJs, { type PresenceChannel } from "pusher-js"
import { bindChunked } from "pusher-http-wasm/chunks"
declare const presence: PresenceChannel
const client = new PusherJs("key", { cluster: "eu" })
bindChunked(client.subscribe("reports"), "report", () => {})
bindChunked(presence, "report", (_data, metadata) => metadata?.user_id)
bindChunked(client.user, "report", () => {})
`
  const files = writeFiles(folder, { "pusher-js.mts": text })
  await assertCompiles(COMPILERS["TypeScript 5"], { ...RESOLUTIONS.bundler, lib: WEB }, files)
})

test("`nodeHandler` gives what servers of Node's types take", async () => {
  const text = `import { createServer } from "node:http"
import { createSecureServer } from "node:http2"
import { nodeHandler } from "pusher-http-wasm/node"
const listener = nodeHandler(async (request) => {
  request.signal satisfies AbortSignal
  return new Response(await request.text(), { status: 201 })
})
createServer(listener)
createSecureServer({}, listener)
`
  const files = writeFiles(folder, { "node-types.mts": text })
  for (const lib of [["es2022"], WEB])
    await assertCompiles(COMPILERS["TypeScript 5"], { ...RESOLUTIONS.nodenext, lib, types: ["node"] }, files)
})

test("the declarations of `/node` have no errors without types of a host", async () => {
  const text = `import { nodeHandler } from "pusher-http-wasm/node"
nodeHandler((request) => request.anything)
`
  const files = writeFiles(folder, { "node-bare.mts": text })
  await assertCompiles(COMPILERS["TypeScript 5"], { ...RESOLUTIONS.nodenext, lib: ["es2022"] }, files)
})

test("`Beams` takes what npm `@pusher/push-notifications-server` does, and what it returns has the same type", async () => {
  const text = `import PushNotifications = require("@pusher/push-notifications-server")
import { Beams, type PublishRequest } from "pusher-http-wasm/beams"
declare const theirs: PushNotifications.PublishRequest
const credentials = { instanceId: "id", secretKey: "key" } satisfies PushNotifications.Options
const ours: PublishRequest = theirs
type Publish = (targets: string[], request: PushNotifications.PublishRequest) => Promise<PushNotifications.PublishResponse>
const beams: {
  publishToInterests: Publish
  publishToUsers: Publish
  deleteUser(userId: string): Promise<void>
  generateToken(userId: string): { token: PushNotifications.Token }
} = new Beams(credentials)
void [ours, beams]
`
  const files = writeFiles(folder, { "beams.cts": text })
  await assertCompiles(COMPILERS["TypeScript 5"], { ...RESOLUTIONS.nodenext, lib: WEB }, files)
})

const FETCHES = {
  "node-fetch 2": 'import fetch from "node-fetch"',
  undici: 'import { fetch } from "undici"',
  "undici's types, as Node's have them": 'import { fetch } from "undici-types"',
  "a double": 'const fetch = async () => ({ status: 200, text: async () => "{}" })',
}
describe("the option `fetch` takes that of", () => {
  for (const [name, line] of Object.entries(FETCHES)) {
    test(name, async () => {
      const text = `${line}
import Pusher from "pusher-http-wasm"
new Pusher({ appId: "1", key: "key", secret: "secret", cluster: "eu", fetch })
`
      const files = writeFiles(folder, { "fetch.mts": text })
      for (const lib of [["es2022"], WEB]) {
        for (const exactOptionalPropertyTypes of [false, true]) {
          const options = { ...RESOLUTIONS.nodenext, lib, types: ["node"], exactOptionalPropertyTypes }
          await assertCompiles(COMPILERS["TypeScript 5"], options, files)
        }
      }
    })
  }

  test("nothing that is no fetch", async () => {
    const text = `import Pusher from "pusher-http-wasm"
const options = { appId: "1", key: "key", secret: "secret", cluster: "eu" }
// @ts-expect-error: nothing of an answer
new Pusher({ ...options, fetch: async () => ({}) })
// @ts-expect-error: no promise
new Pusher({ ...options, fetch: () => "" })
// @ts-expect-error: no URL
new Pusher({ ...options, fetch: async (url: number) => ({ status: url, text: async () => "" }) })
`
    const files = writeFiles(folder, { "fetch.mts": text })
    await assertCompiles(COMPILERS["TypeScript 5"], { ...RESOLUTIONS.nodenext, lib: WEB }, files)
  })
})
