// Runs examples/opentelemetry as a user would, and checks its spans against the requests that the server received.
// Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { after, before, test } from "node:test"
import { promisify } from "node:util"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { bin as tool } from "../../tools/packages.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { describeServer } from "./demo/target.mjs"
import { copyExample } from "./projects.mjs"

const execute = promisify(execFile)
const INTERNAL = 0
const CLIENT = 2
const UNSET = { code: 0 }
const ERROR = { code: 2 }

const deno = ["run", "--quiet", "--no-remote", "--node-modules-dir=manual", "--cached-only", "--no-prompt"]
const runtimes = {
  Node: [process.execPath],
  Deno: [bin("deno"), ...deno, "--allow-net=127.0.0.1", "--allow-env"],
  Bun: [bin("bun")],
}

let installed
let server
let folder
before(async () => {
  const also = ["@opentelemetry/api", "@opentelemetry/sdk-trace-node", "@types/node"]
  installed = await installPacked({ also })
  server = await startLocalChannels()
  folder = await copyExample("opentelemetry", installed.folder)
  await execute(tool("tsc"), { cwd: folder }).catch(({ stdout }) => assert.fail(stdout))
})
after(async () => {
  await server?.close()
  await installed?.remove()
})

const makeEnv = () => {
  const { PATH, HOME } = process.env
  return { PATH, HOME, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...describeServer(server) }
}

/** Runs the program while its requests meet `faults` in turn, by path. Returns its spans and the requests that the server received. */
async function run(faults = {}, [command, ...flags] = runtimes.Node) {
  const first = server.requests.length
  const left = Object.fromEntries(Object.entries(faults).map(([path, all]) => [path, [...all]]))
  const undo = server.intercept(({ path }) => left[path.split("/").at(-1)]?.shift())
  try {
    const { stdout, stderr } = await execute(command, [...flags, "main.js"], { cwd: folder, env: makeEnv() })
    assert.equal(stderr, "")
    const spans = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    return { spans, requests: server.requests.slice(first) }
  } finally {
    undo()
  }
}

/** Returns the span of that name, which has no parent, and its children, in the order in which they ended. */
const findTrace = (spans, name) => {
  const roots = spans.filter((span) => span.name === name)
  assert.equal(roots.length, 1, name)
  const [root] = roots
  assert.equal(root.parentId, undefined)
  assert.equal(root.kind, INTERNAL)
  const children = spans.filter(({ parentId }) => parentId === root.spanId)
  for (const { traceId, kind } of children) assert.deepEqual({ traceId, kind }, { traceId: root.traceId, kind: CLIENT })
  return { root, children }
}

const summarise = ({ name, status, attributes }) => ({
  name,
  status,
  code: attributes["http.response.status_code"],
  type: attributes["error.type"],
  resent: attributes["http.request.resend_count"],
})
const SUCCESS = { status: UNSET, code: 200, type: undefined, resent: undefined }

test("each request is a span below that of its caller, described as the conventions have it", async () => {
  const { spans, requests } = await run()
  assert.equal(spans.length, 4)
  for (const [name, method, end] of [
    ["announce", "POST", "events"],
    ["look around", "GET", "channels"],
  ]) {
    const { root, children } = findTrace(spans, name)
    assert.deepEqual(root.status, UNSET)
    assert.equal(children.length, 1)
    const [{ name: childName, status, attributes }] = children
    assert.equal(childName, method)
    assert.deepEqual(status, UNSET)
    const { "url.full": url, ...others } = attributes
    assert.deepEqual(others, {
      "http.request.method": method,
      "server.address": server.host,
      "server.port": server.port,
      "http.response.status_code": 200,
    })
    const { origin, pathname, searchParams } = new URL(url)
    assert.equal(origin + pathname, `${server.url}/apps/app-id/${end}`)
    assert.equal(searchParams.get("auth_key"), "app-key")
    assert.equal(searchParams.get("auth_signature"), "(signature)")
    const request = requests.find((one) => one.path === pathname)
    assert.equal(request.method, method)
    assert.equal(request.headers.traceparent, `00-${children[0].traceId}-${children[0].spanId}-01`)
  }
  assert.notEqual(findTrace(spans, "announce").root.traceId, findTrace(spans, "look around").root.traceId)
})

for (const [name, command] of Object.entries(runtimes)) {
  test(`a retried request is a span of its own, with the number of times it was sent again, on ${name}`, async () => {
    const now = { "retry-after": "0" }
    const faults = {
      events: [
        { status: 503, headers: now },
        { status: 429, headers: now },
      ],
      channels: [{ status: 500 }],
    }
    const { spans, requests } = await run(faults, command)
    const announce = findTrace(spans, "announce")
    assert.deepEqual(announce.root.status, UNSET)
    assert.deepEqual(announce.children.map(summarise), [
      { name: "POST", status: ERROR, code: 503, type: "503", resent: undefined },
      { name: "POST", status: ERROR, code: 429, type: "429", resent: 1 },
      { name: "POST", ...SUCCESS, resent: 2 },
    ])
    const look = findTrace(spans, "look around")
    assert.deepEqual(look.children.map(summarise), [
      { name: "GET", status: ERROR, code: 500, type: "500", resent: undefined },
      { name: "GET", ...SUCCESS, resent: 1 },
    ])
    for (const [end, { children }] of Object.entries({ events: announce, channels: look })) {
      assert.deepEqual(
        requests.filter(({ path }) => path.endsWith(end)).map(({ headers }) => headers.traceparent),
        children.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`),
      )
    }
  })
}

test("a failed call is a span with the status of an error, and so is its caller's", async () => {
  const { spans } = await run({ events: [{ status: 403, body: "over quota" }], channels: [{ status: 200, body: "{" }] })
  const announce = findTrace(spans, "announce")
  assert.deepEqual(announce.root.status, ERROR)
  const [{ name, attributes }] = announce.root.events
  assert.equal(name, "exception")
  assert.equal(attributes["exception.message"], "Unexpected status code 403")
  assert.deepEqual(announce.children.map(summarise), [
    { name: "POST", status: ERROR, code: 403, type: "403", resent: undefined },
  ])
  const look = findTrace(spans, "look around")
  assert.deepEqual(look.root.status, ERROR)
  assert.deepEqual(look.children.map(summarise), [
    { name: "GET", status: ERROR, code: 200, type: "http", resent: undefined },
  ])
})

test("a request without an answer has the reason as its type of error, and no status", async () => {
  const { spans } = await run({
    events: [{ reset: true }],
    channels: [{ reset: true }, { reset: true }, { reset: true }],
  })
  assert.deepEqual(findTrace(spans, "announce").children.map(summarise), [
    { name: "POST", status: ERROR, code: undefined, type: "network", resent: undefined },
  ])
  assert.deepEqual(
    findTrace(spans, "look around").children.map(summarise),
    [undefined, 1, 2].map((resent) => ({ name: "GET", status: ERROR, code: undefined, type: "network", resent })),
  )
})

test("the trace context goes out only when the program says so, also over an agent", async () => {
  const makeProgram = (options, others = "") => `
    import { Agent } from "node:http"
    import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node"
    import Pusher from "pusher-http-wasm"
    import { tracing } from "./tracing.js"
    new NodeTracerProvider().register()
    await Pusher.fromEnv(undefined, { ...tracing(${options}), ${others} }).channels()`
  const send = async (...args) => {
    const [node] = runtimes.Node
    await execute(node, ["--input-type=module", "--eval", makeProgram(...args)], { cwd: folder, env: makeEnv() })
    return server.requests.at(-1).headers.traceparent
  }
  assert.equal(await send(""), undefined)
  assert.equal(await send("{ sendContext: false }"), undefined)
  assert.match(await send("{ sendContext: true }"), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  assert.match(await send("{ sendContext: true }", "agent: new Agent()"), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})
