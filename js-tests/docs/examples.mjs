// The examples in the declarations' comments, each as a program.
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** The declarations, one file a subpath. */
export const DECLARED = ["index", "handlers", "node", "beams", "chunks", "testing"]

/** What examples use without saying where it is from. Names that an example declares or imports itself are left out. */
const AROUND = {
  Pusher: 'import Pusher from "pusher-http-wasm"',
  channelAuthHandler: 'import { channelAuthHandler } from "pusher-http-wasm/handlers"',
  userAuthHandler: 'import { userAuthHandler } from "pusher-http-wasm/handlers"',
  webhookHandler: 'import { webhookHandler } from "pusher-http-wasm/handlers"',
  readWebhook: 'import { readWebhook } from "pusher-http-wasm/handlers"',
  nodeHandler: 'import { nodeHandler } from "pusher-http-wasm/node"',
  lambdaHandler: 'import { lambdaHandler } from "pusher-http-wasm/node"',
  Beams: 'import { Beams } from "pusher-http-wasm/beams"',
  bindChunked: 'import { bindChunked } from "pusher-http-wasm/chunks"',
  fakeChannels: 'import { fakeChannels } from "pusher-http-wasm/testing"',
  startLocalChannels: 'import { startLocalChannels } from "pusher-http-wasm/testing"',
  PusherJs: 'import PusherJs from "pusher-js"',
  createServer: 'import { createServer } from "node:http"',
  https: 'import https from "node:https"',
  request: "declare const request: Request",
  env: "declare const env: any",
  ctx: "declare const ctx: any",
  app: "declare const app: any",
  router: "declare const router: any",
  tracer: "declare const tracer: any",
  span: "declare const span: any",
  traceparentOf: "declare const traceparentOf: any",
  session: "declare const session: any",
  credentials: 'const credentials = { appId: "1", key: "key", secret: "secret" }',
  channel: "declare const channel: any",
  handler: "declare const handler: (request: Request, env?: any, ctx?: any) => Promise<Response>",
  server: 'declare const server: import("pusher-http-wasm/testing").LocalChannels',
  webhook: 'declare const webhook: import("pusher-http-wasm").WebHook',
  token: 'declare const token: import("pusher-http-wasm").SigningToken',
  error: "declare const error: any",
  events: 'declare const events: import("pusher-http-wasm").PublishedEvent[]',
  db: "declare const db: any",
}

/** Returns the examples: `{ file, name, code, at }`; `at` is the line at which the example itself begins. */
export const examplesOf = (root) =>
  DECLARED.flatMap((types) => {
    const text = readFileSync(join(root, "pkg-template/types", `${types}.d.ts`), "utf8")
    return [...text.matchAll(/^ *\* ```(?:ts|js)\n((?: *\*.*\n)*?) *\* ```/gm)].map(
      ({ 1: commented, index }, number) => {
        const code = commented.replace(/^ *\* ?/gm, "")
        const line = text.slice(0, index).split("\n").length + 1
        const before = Object.entries(AROUND)
          .filter(
            ([name]) =>
              new RegExp(`(?<![\\w$"']|(?<!\\.\\.)\\.)${name}(?![\\w$"':])`).test(code) && !isDeclared(name, code),
          )
          .map(([, declaration]) => declaration)
        return {
          file: `${types}-${number}.mts`,
          name: `${types}.d.ts:${line}`,
          code: `${before.join("\n")}\n${wrap(code)}export {}\n`,
          at: before.length,
        }
      },
    )
  })

const isDeclared = (name, code) =>
  new RegExp(
    `(const|let|function|class) ([{\\[][^=]*)?\\b${name}\\b|import ([{\\w, ]*)\\b${name}\\b|[({,] ?${name}[ ,})].*=>`,
  ).test(code)

/** Makes a program of an example that is a member of an object: `onRequest: …,`. */
const wrap = (code) =>
  /^\w+: /.test(code) ? `export const options: import("pusher-http-wasm").PartialOptions = {\n${code}}\n` : code
