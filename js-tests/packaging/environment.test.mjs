// Hosts that lack something or have replaced it: the library works, or says what is missing and what to do.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cp, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, before, describe, test } from "node:test"

import { installPacked } from "../support/packed.mjs"
import { installTools } from "./tools.mjs"

const own = join(import.meta.dirname, "environment")
let installed
let another
let tools
before(async () => {
  tools = await installTools("environment")
  installed = await installPacked()
  another = await installPacked()
  for (const name of ["undici", "jest-environment-jsdom"])
    await symlink(join(tools, name), join(installed.folder, "node_modules", name), "dir")
})
after(async () => {
  await installed?.remove()
  await another?.remove()
})

let programs = 0
/** Runs a program of ESM. Resolves to its exit code and its output. */
async function runProgram(source, { flags = [], without = [] } = {}) {
  // A file: with `--eval`, Node puts its own modules among the globals.
  const file = join(installed.folder, `program-${++programs}.mjs`)
  await writeFile(file, source)
  const preload = without.length > 0 ? ["--require", join(own, "without.cjs")] : []
  const child = spawn(process.execPath, ["--no-warnings", ...preload, ...flags, file], {
    cwd: installed.folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", WITHOUT: without.join() },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  return { code, stdout, stderr }
}

/** Runs a program and parses the last line that it prints as JSON. */
async function runAndRead(source, options) {
  const { code, stdout, stderr } = await runProgram(source, options)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout.trim().split("\n").at(-1))
}

const start = `
import Pusher from "pusher-http-wasm"
const app = { appId: "1", key: "key", secret: "secret", encryptionMasterKeyBase64: "${"A".repeat(43)}=" }
const print = (value) => console.log(JSON.stringify(value))
const double = async () => ({ status: 200, text: async () => '{"channels":{}}' })
const describeError = ({ name, code, message, hint, cause }) => ({ name, code, message, hint, cause: cause && String(cause) })
/** Resolves to the call's value, or to its error as plain data. */
const getOutcome = async (call) => { try { return await call() } catch (error) { return describeError(error) } }
`
const fullProgram = `${start}
const pusher = new Pusher({ ...app, fetch: double })
const { status } = await pusher.trigger(["a", "private-b"], "event", { "\u00e9": 1 })
const sealed = await pusher.trigger("private-encrypted-a", "event", "x")
const { auth } = pusher.authorizeChannel("1.1", "private-a")
const refused = await getOutcome(() => pusher.trigger("no such name", "event"))
const valid = pusher.webhook({ headers: {}, rawBody: new Uint8Array([1]) }).isValid()
const channels = await pusher.channels()
pusher.free()
print({ status, sealed: sealed.status, auth, refused: refused.code, valid, channels })
`
const fullResult = {
  status: 200,
  sealed: 200,
  auth: "",
  refused: "invalid_channel",
  valid: false,
  channels: { channels: {} },
}

describe("works without", () => {
  before(async () => {
    fullResult.auth = (await runAndRead(fullProgram)).auth
    assert.match(fullResult.auth, /^key:[0-9a-f]{64}$/)
  })
  const dispensable = [
    "FinalizationRegistry",
    "WeakRef",
    "Buffer",
    "atob",
    "URL",
    "URLSearchParams",
    "Headers",
    "Request",
    "Response",
  ]
  for (const name of [
    ...dispensable,
    "queueMicrotask",
    "performance",
    "process",
    "structuredClone",
    "DOMException",
    "fetch",
  ]) {
    test(name, async () => assert.deepEqual(await runAndRead(fullProgram, { without: [name] }), fullResult))
  }
  const flags = [
    "--frozen-intrinsics",
    "--disable-proto=delete",
    "--disable-proto=throw",
    "--disallow-code-generation-from-strings",
  ]
  for (const flag of flags) {
    test(`node ${flag}`, async () => assert.deepEqual(await runAndRead(fullProgram, { flags: [flag] }), fullResult))
  }
})

describe("names what is missing without", () => {
  test("fetch: still signs, and the error of a request names the option", async () => {
    const { auth, request } = await runAndRead(
      `${start}
      const pusher = new Pusher(app)
      print({ auth: pusher.authorizeChannel("1.1", "private-a").auth, request: await getOutcome(() => pusher.trigger("a", "event", "x")) })`,
      { without: ["fetch"] },
    )
    assert.match(auth, /^key:/)
    // Not only in the cause, because many logs hold the message alone.
    assert.match(`${request.message} ${request.hint}`, /no global `fetch`.*`fetch` option/)
  })

  test("crypto: only encryption fails, and its error names the option", async () => {
    const outcome = await runAndRead(
      `${start}
      const options = { ...app, fetch: double }
      const plain = (await new Pusher(options).trigger("a", "event", "x")).status
      const sealed = await getOutcome(() => new Pusher(options).trigger("private-encrypted-a", "event", "x"))
      const given = (await new Pusher({ ...options, randomBytes: (length) => new Uint8Array(length) }).trigger("private-encrypted-a", "event", "x")).status
      print({ plain, sealed, given })`,
      { without: ["crypto"] },
    )
    assert.equal(outcome.plain, 200)
    assert.equal(outcome.given, 200)
    const { name, code } = outcome.sealed
    assert.deepEqual({ name, code }, { name: "PusherValidationError", code: "no_randomness" })
    assert.match(outcome.sealed.hint, /`randomBytes` option/)
  })

  const getImportError = async (options) => {
    const { code, stderr } = await runProgram(fullProgram, options)
    assert.notEqual(code, 0)
    return stderr
  }
  test("WebAssembly: the import fails", async () => {
    for (const options of [{ without: ["WebAssembly"] }, { flags: ["--jitless"] }]) {
      assert.match(await getImportError(options), /pusher-http-wasm needs WebAssembly/)
    }
  })
  for (const name of ["TextEncoder", "TextDecoder"]) {
    test(`${name}: the import fails`, async () =>
      assert.match(await getImportError({ without: [name] }), new RegExp(`pusher-http-wasm needs .*${name}`)))
  }
  test("permission to compile: the import fails, and says what to set in a page and with OpenNext", async () => {
    const { code, stderr } = await runProgram(`
      // As Workers refuse it, which get the entry for Node from Next.js.
      WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("disallowed by embedder") } }
      await import("pusher-http-wasm")`)
    assert.notEqual(code, 0)
    assert.match(stderr, /Content Security Policy needs 'wasm-unsafe-eval'/)
    assert.match(stderr, /`workerd` entry.*OpenNext.*`serverExternalPackages: \["pusher-http-wasm"\]`/)
    assert.match(stderr, /disallowed by embedder/)
  })
  test("Buffer and atob: the import fails", async () =>
    assert.match(await getImportError({ without: ["Buffer", "atob"] }), /atob/))
  for (const name of ["AbortController", "setTimeout"]) {
    test(`${name}: a call fails, and the error names it`, async () => {
      const call =
        'getOutcome(() => new Pusher({ ...app, fetch: double }).trigger("a", "event", "x").then(() => "sent"))'
      const outcome = await runAndRead(`${start} print(await ${call})`, { without: [name] })
      assert.match(JSON.stringify(outcome), new RegExp(name))
    })
  }
})

describe("a test double for `fetch`", () => {
  const doubles = {
    "may answer with only a status": ["{ status: 200 }", 200],
    "may answer with a status and `ok`": ["{ status: 200, ok: true }", 200],
    "may answer with `json` and no `text`": ["{ status: 200, json: async () => ({ channels: {} }) }", 200],
    "may refuse with only a status": ["{ status: 500 }", "http"],
    "may fail while its body is read": [
      "{ status: 200, arrayBuffer: async () => { throw new Error('body') } }",
      "network",
    ],
  }
  for (const [name, [answer, expected]] of Object.entries(doubles)) {
    test(name, async () => {
      const outcome = await runAndRead(`${start}
        globalThis.fetch = async () => (${answer})
        const { status, code } = await getOutcome(() => new Pusher(app).trigger("a", "event", "x"))
        print(code ?? status)`)
      assert.equal(outcome, expected)
    })
  }

  test("may answer a query with only `json`", async () => {
    const answer = "{ status: 200, ok: true, json: async () => ({ channels: { a: {} } }) }"
    const outcome = await runAndRead(
      `${start} print(await getOutcome(() => new Pusher({ ...app, fetch: async () => (${answer}) }).channels()))`,
    )
    assert.deepEqual(outcome, { channels: { a: {} } })
  })

  for (const nothing of ["undefined", "null", "{}", "{ ok: true }", "'text'"]) {
    test(`is reported if it answers with ${nothing}`, async () => {
      const outcome = await runAndRead(
        `${start} print(await getOutcome(() => new Pusher({ ...app, fetch: async () => (${nothing}) }).trigger("a", "event", "x")))`,
      )
      const { name, code } = outcome
      assert.deepEqual({ name, code }, { name: "PusherRequestError", code: "network" })
      assert.match(`${outcome.message} ${outcome.hint} ${outcome.cause}`, /no Response/)
    })
  }

  test("may be undici's MockAgent, global or as an option, and its errors show no signature", async () => {
    const outcomes = await runAndRead(`${start}
      import { inspect } from "node:util"
      import { MockAgent, fetch, setGlobalDispatcher } from "undici"
      const dispatcher = new MockAgent()
      dispatcher.disableNetConnect()
      setGlobalDispatcher(dispatcher)
      const api = dispatcher.get("https://api-eu.pusher.com")
      const outcomes = []
      for (const options of [{}, { fetch }, { fetch, fetchOptions: { dispatcher } }]) {
        api.intercept({ path: /^\\/apps\\/1\\/events\\?/, method: "POST" }).reply(200, { a: 1 })
        const pusher = new Pusher({ ...app, cluster: "eu", ...options })
        const answer = await (await pusher.trigger("a", "event", "x")).json()
        const unmatched = await pusher.trigger("a", "event", "x").catch((error) => error)
        outcomes.push({ answer, code: unmatched.code, showsSignature: /auth_signature=[0-9a-f]{64}/.test(inspect(unmatched)) })
      }
      print(outcomes)`)
    assert.deepEqual(outcomes, Array(3).fill({ answer: { a: 1 }, code: "network", showsSignature: false }))
  })
})

test("prints no signature in an error of another realm, as in Jest", async () => {
  const showsSignature = await runAndRead(`${start}
    import { inspect } from "node:util"
    import { runInNewContext } from "node:vm"
    const foreign = runInNewContext("(url) => new TypeError('cannot reach ' + url)")
    const fetch = async (url) => { throw foreign(url) }
    const error = await new Pusher({ ...app, fetch }).trigger("a", "event", "x").catch((error) => error)
    print(/auth_signature=[0-9a-f]{64}/.test(inspect(error)))`)
  assert.equal(showsSignature, false)
})

describe("a replaced clock or timer", () => {
  const makeTriggerAt = (clock) => `${start}
    let url
    const pusher = new Pusher({ ...app, fetch: async (to) => { url = to; return { status: 200 } } })
    const RealDate = Date
    ${clock}
    const outcome = await getOutcome(() => pusher.trigger("a", "event", "x"))
    print(outcome.code ? outcome : /auth_timestamp=(\\d+)/.exec(url)[1])`

  const clocks = {
    "signs with a replaced Date.now": "Date.now = () => 1353088179999",
    "signs with a replaced Date class": "globalThis.Date = class { static now() { return 1353088179000.5 } }",
    "signs with the timers of node:test":
      'const { mock } = await import("node:test"); mock.timers.enable({ apis: ["Date"], now: 1353088179000 })',
  }
  for (const [name, clock] of Object.entries(clocks)) {
    test(name, async () => assert.equal(await runAndRead(makeTriggerAt(clock)), "1353088179"))
  }
  for (const value of ["NaN", "undefined", "-1", "new RealDate(0)"]) {
    test(`is refused if the clock returns ${value}, and the error names Date.now`, async () => {
      const outcome = await runAndRead(makeTriggerAt(`globalThis.Date = class { static now() { return ${value} } }`))
      assert.equal(outcome.name, "PusherValidationError")
      assert.match(`${outcome.message} ${outcome.hint}`, /Date\.now/)
    })
  }

  test("completes calls if queueMicrotask runs nothing, as with fake timers of Jest and sinon", async () => {
    const outcomes = await runAndRead(`${start}
      const call = async () => {
        let outcome = "pending"
        new Pusher({ ...app, fetch: double }).trigger("a", "event", "x").then(() => { outcome = "answered" })
        // Counts turns of the event loop instead of time, because nothing here waits for I/O.
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
        return outcome
      }
      const real = globalThis.queueMicrotask
      globalThis.queueMicrotask = () => {}
      const during = await call()
      globalThis.queueMicrotask = real
      print({ during, after: await call() })`)
    assert.deepEqual(outcomes, { during: "answered", after: "answered" })
  })
})

describe("copies of two versions in one process", () => {
  const makeStart = () => `${start}
    import { createRequire } from "node:module"
    const Other = createRequire(${JSON.stringify(join(another.folder, "x.js"))})("pusher-http-wasm")
    const body = JSON.stringify({ time_ms: 1, events: [] })
    const sign = (token) => ({ "x-pusher-key": token.key, "x-pusher-signature": token.sign(body), "content-type": "application/json" })
  `
  // Copies of one version share the class.
  before(async () => {
    const folder = join(another.folder, "node_modules/pusher-http-wasm")
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
    for (const name of ["package.json", "index.cjs"]) {
      const text = await readFile(join(folder, name), "utf8")
      await writeFile(join(folder, name), text.replaceAll(version, "99.0.0"))
    }
  })

  test("use their own memory, however many clients are made and freed", async () => {
    const differing = await runAndRead(`${makeStart()}
      let differing = 0
      const kept = []
      for (let round = 0; round < 2000; round++) {
        const secret = "secret " + round
        const [one, other] = [new Pusher({ ...app, secret }), new Other({ ...app, secret })]
        if (round % 3 === 0) kept.push(one, other)
        if (one.authorizeChannel("1.1", "private-a").auth !== other.authorizeChannel("1.1", "private-a").auth) differing++
        if (round % 2 === 0) one.free()
      }
      print(differing)`)
    assert.equal(differing, 0)
  })

  test("accept each other's tokens", async () => {
    const outcome = await runAndRead(`${makeStart()}
      const token = new Other.Token("rotated", "out")
      const webhook = () => new Pusher(app).webhook({ headers: sign(token), rawBody: body })
      print({
        without: webhook().isValid(),
        withToken: webhook().isValid(token),
        withList: webhook().isValid([token]),
        constructed: new Pusher.WebHook(token, { headers: sign(token), rawBody: body }).isValid(),
      })`)
    assert.deepEqual(outcome, { without: false, withToken: true, withList: true, constructed: true })
  })

  test("throw errors of their own classes with the same names and codes", async () => {
    const outcome = await runAndRead(`${makeStart()}
      let error
      try { new Other(app).trigger("no such name", "event") } catch (thrown) { error = thrown }
      const { name, code } = error
      print({
        isOurs: error instanceof Pusher.PusherError,
        isTheirs: error instanceof Other.PusherError,
        isError: error instanceof Error,
        name,
        code,
      })`)
    assert.deepEqual(outcome, {
      isOurs: false,
      isTheirs: true,
      isError: true,
      name: "PusherValidationError",
      code: "invalid_channel",
    })
  })

  test("refuse methods of one on objects of the other, whose memory is elsewhere", async () => {
    const methods = {
      Pusher: {
        trigger: ["a", "event", "x"],
        triggerBatch: [[{ channel: "a", name: "event", data: "x" }]],
        publish: [[{ channel: "a", name: "event", data: "x" }]],
        sendToUser: ["user", "event", "x"],
        terminateUserConnections: ["user"],
        channels: [],
        channel: ["a"],
        channelUsers: ["presence-a"],
        get: [{ path: "/channels" }],
        post: [{ path: "/events", body: {} }],
        createSignedQueryString: [{ method: "GET", path: "/channels" }],
        authorizeChannel: ["1.1", "private-a"],
        authenticate: ["1.1", "private-a"],
        authenticateUser: ["1.1", { id: "user" }],
        channelSharedSecret: ["private-encrypted-a"],
        decrypt: ["private-encrypted-a", { nonce: "", ciphertext: "" }],
        webhook: [{ headers: {}, rawBody: "" }],
        free: [],
      },
      Token: { sign: ["x"], verify: ["x", ""], free: [] },
    }
    const result = await runAndRead(`${makeStart()}
      const others = { Pusher: new Other(app), Token: new Other.Token("key", "secret") }
      const [outcomes, untried] = [[], []]
      for (const [type, methods] of Object.entries(${JSON.stringify(methods)})) {
        const missing = Object.getOwnPropertyNames(Pusher[type].prototype).filter(
          (name) => !Object.hasOwn(methods, name) && typeof Object.getOwnPropertyDescriptor(Pusher[type].prototype, name).value === "function",
        )
        for (const [method, args] of Object.entries(methods)) {
          for (const object of [others[type], {}, undefined]) {
            const { name, message } = await getOutcome(() => Pusher[type].prototype[method].apply(object, args)) ?? {}
            outcomes.push({ type, call: type + " " + method + " " + object, name, message })
          }
        }
        untried.push(...missing)
      }
      // The other copy's objects still work.
      const { auth } = others.Pusher.authorizeChannel("1.1", "private-a")
      print({
        outcomes,
        untried,
        signs: auth === new Pusher(app).authorizeChannel("1.1", "private-a").auth,
        verifies: others.Token.verify("x", new Pusher.Token("key", "secret").sign("x")),
      })`)
    const { outcomes, ...facts } = result
    assert.deepEqual(facts, {
      untried: ["constructor", "toJSON", "constructor", "toJSON"],
      signs: true,
      verifies: true,
    })
    for (const { type, call, name, message } of outcomes) {
      const expected = `Called on what is no ${type} of this copy of pusher-http-wasm`
      assert.deepEqual({ name, message }, { name: "TypeError", message: expected }, call)
    }
  })

  test("are only one copy if the same package is imported and required", async () => {
    const same = await runAndRead(`${start}
      import { createRequire } from "node:module"
      print(createRequire(${JSON.stringify(join(installed.folder, "x.js"))})("pusher-http-wasm") === Pusher)`)
    assert.equal(same, true)
  })
})

test("works in Jest", async (t) => {
  const folder = join(installed.folder, "jest")
  await cp(join(own, "jest"), folder, { recursive: true })
  const child = spawn(
    process.execPath,
    [
      join(tools, "jest/bin/jest.js"),
      "--ci",
      "--json",
      "--rootDir",
      folder,
      "--cacheDirectory",
      join(folder, ".cache"),
    ],
    {
      cwd: installed.folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  const { testResults } = JSON.parse(stdout)
  assert.equal(testResults.length, 3, stderr)
  for (const { message, assertionResults } of testResults) {
    assert.notEqual(assertionResults.length, 0, message)
    for (const { title, status, failureMessages } of assertionResults) {
      await t.test(title, () => assert.equal(status, "passed", failureMessages.join("\n")))
    }
  }
})
