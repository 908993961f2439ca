// Places that lack something, or in which something has been replaced: the library works, or says what is missing and what to do.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { cp, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, before, describe, test } from "node:test"

import { installPacked } from "../support/packed.mjs"
import { toolsOf } from "./tools.mjs"

const own = join(import.meta.dirname, "environment")
let installed
let another
let tools
before(async () => {
  tools = await toolsOf("environment")
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
/** Runs a program of ESM; resolves to how it ended and what it printed. */
async function program(source, { flags = [], without = [] } = {}) {
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

/** What a program prints as its last line, as JSON. */
async function told(source, options) {
  const { code, stdout, stderr } = await program(source, options)
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout.trim().split("\n").at(-1))
}

const start = `
import Pusher from "pusher-http-wasm"
const app = { appId: "1", key: "key", secret: "secret", encryptionMasterKeyBase64: "${"A".repeat(43)}=" }
const tell = (value) => console.log(JSON.stringify(value))
const double = async () => ({ status: 200, text: async () => '{"channels":{}}' })
const failure = ({ name, code, message, hint, cause }) => ({ name, code, message, hint, cause: cause && String(cause) })
/** An error's words, wherever they stand. */
const outcomeOf = async (call) => { try { return await call() } catch (error) { return failure(error) } }
`
const everything = `${start}
const pusher = new Pusher({ ...app, fetch: double })
const { status } = await pusher.trigger(["a", "private-b"], "event", { "\u00e9": 1 })
const sealed = await pusher.trigger("private-encrypted-a", "event", "x")
const { auth } = pusher.authorizeChannel("1.1", "private-a")
const refused = await outcomeOf(() => pusher.trigger("no such name", "event"))
const valid = pusher.webhook({ headers: {}, rawBody: new Uint8Array([1]) }).isValid()
const channels = await pusher.channels()
pusher.free()
tell({ status, sealed: sealed.status, auth, refused: refused.code, valid, channels })
`
const allIsWell = {
  status: 200,
  sealed: 200,
  auth: "",
  refused: "invalid_channel",
  valid: false,
  channels: { channels: {} },
}

describe("what it does without", () => {
  before(async () => {
    allIsWell.auth = (await told(everything)).auth
    assert.match(allIsWell.auth, /^key:[0-9a-f]{64}$/)
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
    test(`no ${name}`, async () => assert.deepEqual(await told(everything, { without: [name] }), allIsWell))
  }
  const flags = [
    "--frozen-intrinsics",
    "--disable-proto=delete",
    "--disable-proto=throw",
    "--disallow-code-generation-from-strings",
  ]
  for (const flag of flags) {
    test(`node ${flag}`, async () => assert.deepEqual(await told(everything, { flags: [flag] }), allIsWell))
  }
})

describe("what it cannot do without, and says so", () => {
  test("no fetch: signs; a request names the option, in the error's own words", async () => {
    const { auth, request } = await told(
      `${start}
      const pusher = new Pusher(app)
      tell({ auth: pusher.authorizeChannel("1.1", "private-a").auth, request: await outcomeOf(() => pusher.trigger("a", "event", "x")) })`,
      { without: ["fetch"] },
    )
    assert.match(auth, /^key:/)
    // Not only in the cause: a log often has the message alone.
    assert.match(`${request.message} ${request.hint}`, /no global `fetch`.*`fetch` option/)
  })

  test("no crypto: only encryption needs it, and names the option", async () => {
    const outcome = await told(
      `${start}
      const options = { ...app, fetch: double }
      const plain = (await new Pusher(options).trigger("a", "event", "x")).status
      const sealed = await outcomeOf(() => new Pusher(options).trigger("private-encrypted-a", "event", "x"))
      const given = (await new Pusher({ ...options, randomBytes: (length) => new Uint8Array(length) }).trigger("private-encrypted-a", "event", "x")).status
      tell({ plain, sealed, given })`,
      { without: ["crypto"] },
    )
    assert.equal(outcome.plain, 200)
    assert.equal(outcome.given, 200)
    const { name, code } = outcome.sealed
    assert.deepEqual({ name, code }, { name: "PusherValidationError", code: "no_randomness" })
    assert.match(outcome.sealed.hint, /`randomBytes` option/)
  })

  const fails = async (options) => {
    const { code, stderr } = await program(everything, options)
    assert.notEqual(code, 0)
    return stderr
  }
  test("no WebAssembly", async () => {
    for (const options of [{ without: ["WebAssembly"] }, { flags: ["--jitless"] }]) {
      assert.match(await fails(options), /pusher-http-wasm needs WebAssembly/)
    }
  })
  for (const name of ["TextEncoder", "TextDecoder"]) {
    test(`no ${name}`, async () =>
      assert.match(await fails({ without: [name] }), new RegExp(`pusher-http-wasm needs .*${name}`)))
  }
  test("neither Buffer nor atob", async () => assert.match(await fails({ without: ["Buffer", "atob"] }), /atob/))
  for (const name of ["AbortController", "setTimeout"]) {
    test(`no ${name}: a call fails, and the error names it`, async () => {
      const call =
        'outcomeOf(() => new Pusher({ ...app, fetch: double }).trigger("a", "event", "x").then(() => "sent"))'
      const outcome = await told(`${start} tell(await ${call})`, { without: [name] })
      assert.match(JSON.stringify(outcome), new RegExp(name))
    })
  }
})

describe("a `fetch` that is a test's double", () => {
  const doubles = {
    "only a status": ["{ status: 200 }", 200],
    "a status and `ok`": ["{ status: 200, ok: true }", 200],
    "`json` and no `text`": ["{ status: 200, json: async () => ({ channels: {} }) }", 200],
    "a refusal of only a status": ["{ status: 500 }", "http"],
    "a body that fails": ["{ status: 200, arrayBuffer: async () => { throw new Error('body') } }", "network"],
  }
  for (const [name, [answer, expected]] of Object.entries(doubles)) {
    test(name, async () => {
      const outcome = await told(`${start}
        globalThis.fetch = async () => (${answer})
        const { status, code } = await outcomeOf(() => new Pusher(app).trigger("a", "event", "x"))
        tell(code ?? status)`)
      assert.equal(outcome, expected)
    })
  }

  test("a double's `json` is enough for a question, too", async () => {
    const answer = "{ status: 200, ok: true, json: async () => ({ channels: { a: {} } }) }"
    const outcome = await told(
      `${start} tell(await outcomeOf(() => new Pusher({ ...app, fetch: async () => (${answer}) }).channels()))`,
    )
    assert.deepEqual(outcome, { channels: { a: {} } })
  })

  for (const nothing of ["undefined", "null", "{}", "{ ok: true }", "'text'"]) {
    test(`${nothing} is no answer, and the error says so`, async () => {
      const outcome = await told(
        `${start} tell(await outcomeOf(() => new Pusher({ ...app, fetch: async () => (${nothing}) }).trigger("a", "event", "x")))`,
      )
      const { name, code } = outcome
      assert.deepEqual({ name, code }, { name: "PusherRequestError", code: "network" })
      assert.match(`${outcome.message} ${outcome.hint} ${outcome.cause}`, /no Response/)
    })
  }

  test("undici's MockAgent, as the global dispatcher and as an option; what it leaves unmatched shows no signature", async () => {
    const outcomes = await told(`${start}
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
        outcomes.push([answer, unmatched.code, /auth_signature=[0-9a-f]{64}/.test(inspect(unmatched))])
      }
      tell(outcomes)`)
    assert.deepEqual(outcomes, Array(3).fill([{ a: 1 }, "network", false]))
  })
})

test("an error of another realm, as Jest's hosts throw them, shows no signature either", async () => {
  const shown = await told(`${start}
    import { inspect } from "node:util"
    import { runInNewContext } from "node:vm"
    const foreign = runInNewContext("(url) => new TypeError('cannot reach ' + url)")
    const fetch = async (url) => { throw foreign(url) }
    const error = await new Pusher({ ...app, fetch }).trigger("a", "event", "x").catch((error) => error)
    tell(/auth_signature=[0-9a-f]{64}/.test(inspect(error)))`)
  assert.equal(shown, false)
})

describe("a replaced clock, and replaced timers", () => {
  const stamped = (clock) => `${start}
    let url
    const pusher = new Pusher({ ...app, fetch: async (to) => ((url = to), { status: 200 }) })
    const RealDate = Date
    ${clock}
    const outcome = await outcomeOf(() => pusher.trigger("a", "event", "x"))
    tell(outcome.code ? outcome : /auth_timestamp=(\\d+)/.exec(url)[1])`

  const clocks = {
    "Date.now replaced": "Date.now = () => 1353088179999",
    "a class of another's making": "globalThis.Date = class { static now() { return 1353088179000.5 } }",
    "node:test's timers":
      'const { mock } = await import("node:test"); mock.timers.enable({ apis: ["Date"], now: 1353088179000 })',
  }
  for (const [name, clock] of Object.entries(clocks)) {
    test(name, async () => assert.equal(await told(stamped(clock)), "1353088179"))
  }
  for (const value of ["NaN", "undefined", "-1", "new RealDate(0)"]) {
    test(`a clock that says ${value} is refused, and the error names what to look at`, async () => {
      const outcome = await told(stamped(`globalThis.Date = class { static now() { return ${value} } }`))
      assert.equal(outcome.name, "PusherValidationError")
      assert.match(`${outcome.message} ${outcome.hint}`, /Date\.now/)
    })
  }

  test("a queueMicrotask that never runs anything, as with Jest's and sinon's fake timers, stops no call, then or later", async () => {
    const outcomes = await told(`${start}
      const call = async () => {
        let outcome = "no answer"
        new Pusher({ ...app, fetch: double }).trigger("a", "event", "x").then(() => { outcome = "answered" })
        // Turns of the event loop, not time: nothing here waits for anything outside.
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
        return outcome
      }
      const real = globalThis.queueMicrotask
      globalThis.queueMicrotask = () => {}
      const during = await call()
      globalThis.queueMicrotask = real
      tell([during, await call()])`)
    assert.deepEqual(outcomes, ["answered", "answered"])
  })
})

describe("two copies in one process", () => {
  const both = () => `${start}
    import { createRequire } from "node:module"
    const Other = createRequire(${JSON.stringify(join(another.folder, "x.js"))})("pusher-http-wasm")
    const body = JSON.stringify({ time_ms: 1, events: [] })
    const signed = (token) => ({ "x-pusher-key": token.key, "x-pusher-signature": token.sign(body), "content-type": "application/json" })
  `
  // Another version, too: no copy may count on what the other says of itself.
  before(async () => {
    const manifest = join(another.folder, "node_modules/pusher-http-wasm/package.json")
    await writeFile(manifest, JSON.stringify({ ...JSON.parse(await readFile(manifest, "utf8")), version: "99.0.0" }))
  })

  test("each works on its own memory, however their clients come and go", async () => {
    const differing = await told(`${both()}
      let differing = 0
      const kept = []
      for (let round = 0; round < 2000; round++) {
        const secret = "secret " + round
        const [one, other] = [new Pusher({ ...app, secret }), new Other({ ...app, secret })]
        if (round % 3 === 0) kept.push(one, other)
        if (one.authorizeChannel("1.1", "private-a").auth !== other.authorizeChannel("1.1", "private-a").auth) differing++
        if (round % 2 === 0) one.free()
      }
      tell(differing)`)
    assert.equal(differing, 0)
  })

  test("a token of one counts with the other", async () => {
    const outcome = await told(`${both()}
      const token = new Other.Token("rotated", "out")
      const webhook = () => new Pusher(app).webhook({ headers: signed(token), rawBody: body })
      tell([webhook().isValid(), webhook().isValid(token), webhook().isValid([token]), new Pusher.WebHook(token, { headers: signed(token), rawBody: body }).isValid()])`)
    assert.deepEqual(outcome, [false, true, true, true])
  })

  test("errors are told apart by class, and known by code, name and Error", async () => {
    const outcome = await told(`${both()}
      let error
      try { new Other(app).trigger("no such name", "event") } catch (thrown) { error = thrown }
      tell([error instanceof Pusher.PusherError, error instanceof Other.PusherError, error instanceof Error, error.name, error.code])`)
    assert.deepEqual(outcome, [false, true, true, "PusherValidationError", "invalid_channel"])
  })

  test("a method of one on an object of the other is refused: its memory is elsewhere", async () => {
    const methods = {
      Pusher: {
        trigger: ["a", "event", "x"],
        triggerBatch: [[{ channel: "a", name: "event", data: "x" }]],
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
    const outcomes = await told(`${both()}
      const others = { Pusher: new Other(app), Token: new Other.Token("key", "secret") }
      const outcomes = []
      for (const [type, methods] of Object.entries(${JSON.stringify(methods)})) {
        const missing = Object.getOwnPropertyNames(Pusher[type].prototype).filter(
          (name) => !Object.hasOwn(methods, name) && typeof Object.getOwnPropertyDescriptor(Pusher[type].prototype, name).value === "function",
        )
        for (const [name, given] of Object.entries(methods)) {
          for (const object of [others[type], {}, undefined]) {
            const outcome = await outcomeOf(() => Pusher[type].prototype[name].apply(object, given))
            outcomes.push([type, name, String(object), outcome?.name, outcome?.message])
          }
        }
        outcomes.push([type, "missing", ...missing])
      }
      // And the other's are unharmed.
      tell([outcomes, others.Pusher.authorizeChannel("1.1", "private-a").auth === new Pusher(app).authorizeChannel("1.1", "private-a").auth,
        others.Token.verify("x", new Pusher.Token("key", "secret").sign("x"))])`)
    assert.deepEqual(outcomes.slice(1), [true, true])
    for (const [type, name, ...rest] of outcomes[0]) {
      if (name === "missing") assert.deepEqual(rest, ["constructor", "toJSON"])
      else
        assert.deepEqual(
          rest.slice(1),
          ["TypeError", `The method was called on something that is no ${type} of this copy of pusher-http-wasm`],
          `${type} ${name} ${rest[0]}`,
        )
    }
  })

  test("`import` and `require` of one copy are one copy", async () => {
    const same = await told(`${start}
      import { createRequire } from "node:module"
      tell(createRequire(${JSON.stringify(join(installed.folder, "x.js"))})("pusher-http-wasm") === Pusher)`)
    assert.equal(same, true)
  })
})

test("in Jest", async (t) => {
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
