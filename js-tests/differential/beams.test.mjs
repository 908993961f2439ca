// Compares npm `@pusher/push-notifications-server` with `pusher-http-wasm/beams`: the same requests, tokens and messages, or a listed difference.
import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, test } from "node:test"
import { inspect } from "node:util"

import fc from "fast-check"

import { installPacked } from "../support/packed.mjs"
import { startStub } from "./stub.mjs"
import { settle } from "./support.mjs"
import { mostly, nearlyAlways, oddValue, text, time, userId } from "./values.mjs"

const { array, constant, constantFrom, dictionary, oneof, record, string, tuple } = fc

const Theirs = createRequire(import.meta.url)("@pusher/push-notifications-server")
const { folder, remove } = await installPacked()
const load = createRequire(join(folder, "package.json"))
const { Beams } = load("pusher-http-wasm/beams")
const { PusherValidationError, PusherRequestError } = load("pusher-http-wasm")
await remove()

const stub = await startStub()
after(stub.close)
const { port } = stub.options
const credentials = {
  instanceId: "1b880590-6301-4bb5-b34f-45db1c5f5644",
  secretKey: "F8AC0B756E50DF235F642D6F0DC2CDE0",
}

const makeTheirs = (options) => new Theirs({ ...options, endpoint: "127.0.0.1", port })
const makeOurs = (options) => new Beams({ ...options, host: `http://127.0.0.1:${port}`, retry: false })

const isText = (value) => typeof value === "string"
const isAbsent = (value) => value === undefined || value === null
const isPrintable = (value) => {
  try {
    return `${value}` !== undefined
  } catch {
    return false
  }
}
const isSerialisable = (value) => {
  try {
    return JSON.stringify({ ...value, list: [] }) !== undefined
  } catch {
    return false
  }
}
const bytesOf = (value) => Buffer.byteLength(value)

/** What our rules refuse of a user's id, and npm does not. */
const isRefusedId = (id) => id === "" || (isText(id) && (bytesOf(id) > 164 || !id.isWellFormed()))
/** What we refuse of an option, or call missing, and npm does not. */
const isRefused = (value, pattern) => isAbsent(value) || (isText(value) && !pattern.test(value))
const isPublish = ({ method }) => method.startsWith("publish")

/**
 * Every deliberate difference. `applies(input)` tells whether it affects an input; then we refuse it with one of the codes in `refuses`, or
 * `adaptTheirs(outcome)` makes npm's outcome into ours.
 */
const differences = [
  {
    name: "mistakes are thrown at once, as the client's are: theirs reject",
    applies: () => true,
    adaptTheirs: ({ rejected, ...outcome }) => {
      if (rejected === undefined) return outcome
      return /^\d{3} /.test(rejected) ? { ...outcome, rejected } : { ...outcome, thrown: rejected }
    },
  },
  {
    name: "users are deleted at the address of Beams' documentation, `customer_api`",
    applies: ({ method }) => method === "deleteUser",
    adaptTheirs: (outcome) => ({
      ...outcome,
      requests: outcome.requests.map((one) => ({ ...one, url: one.url.replace("/user_api/", "/customer_api/") })),
    }),
  },
  {
    name: "credentials are checked",
    applies: ({ method, options }) =>
      method === "new" &&
      (isRefused(options.instanceId, /^[a-z\d-]+$/i) || isRefused(options.secretKey, /^[!#-&(-~]+$/)),
    refuses: ["invalid_option", "missing_option"],
  },
  {
    name: "a user's id is not empty, is well-formed, and its length counts as UTF-8",
    applies: ({ method, args }) =>
      method === "publishToUsers"
        ? [].concat(args[0] ?? []).some(isRefusedId)
        : !isPublish({ method }) && isRefusedId(args?.[0]),
    refuses: ["invalid_user_id", "invalid_argument"],
  },
  {
    name: "a user whose id no URL can have is not deleted",
    applies: ({ method, args }) => method === "deleteUser" && [".", ".."].includes(args[0]),
    refuses: ["invalid_user_id"],
  },
  {
    name: "an interest is not empty",
    applies: ({ method, args }) => method === "publishToInterests" && Array.isArray(args[0]) && args[0].includes(""),
    refuses: ["invalid_argument"],
  },
  {
    name: "what cannot be shown is refused like anything else",
    applies: (input) => isPublish(input) && Array.isArray(input.args[0]) && !input.args[0].every(isPrintable),
    refuses: ["invalid_argument", "invalid_user_id"],
  },
  {
    name: "a body is an object",
    applies: (input) =>
      isPublish(input) &&
      !isAbsent(input.args[1]) &&
      (typeof input.args[1] !== "object" || Array.isArray(input.args[1])),
    refuses: ["invalid_argument", "invalid_user_id"],
  },
  {
    name: "a body that has no JSON is refused as one",
    applies: (input) => isPublish(input) && typeof input.args[1] === "object" && !isSerialisable(input.args[1]),
    refuses: ["invalid_data", "invalid_argument", "invalid_user_id"],
  },
]

const TRANSPORT = ["connection", "accept-encoding", "accept-language", "sec-fetch-mode", "user-agent"]
const toPlain = ({ method, url, headers, body }) => ({
  method,
  url,
  headers: Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !TRANSPORT.includes(name))
      .map(([name, value]) => [
        name,
        value.replace(/^pusher-(push-notifications-node|http-wasm) \d+\.\d+\.\d+$/, "(library)"),
      ])
      .sort(),
  ),
  body,
})

/** npm's message for a failure has the status and Beams' words in one. */
const wordsOf = (error) =>
  error instanceof PusherRequestError && error.status >= 300 ? `${error.status} ${error.hint}` : error.message

/** Makes an instance and calls a method. Resolves to the outcome and the requests that the server got, and our error's code. */
const run = async (make, { method, options, args, now, answer }) => {
  stub.requests = []
  stub.answer = (_, response) => {
    response.statusCode = answer?.status ?? 200
    response.end(answer?.body ?? '{"publishId":"1"}')
  }
  const outcome = await settle(now ?? 0, () => {
    const beams = make(options ?? credentials)
    return method === "new" ? "made" : beams[method](...args)
  })
  const { value, thrown, rejected } = outcome
  const error = thrown ?? rejected
  return {
    code: error instanceof PusherValidationError && outcome.thrown ? error.code : undefined,
    comparable: {
      requests: stub.requests.map(toPlain),
      ...("value" in outcome && { value: method === "deleteUser" ? undefined : value }),
      ...(thrown && { thrown: wordsOf(thrown) }),
      ...(rejected && { rejected: wordsOf(rejected) }),
    },
  }
}

const testSameness = (name, runs, inputs) =>
  test(name, async (t) => {
    const tally = { same: 0 }
    const property = fc.asyncProperty(inputs, async (input) => {
      const [theirs, ours] = [await run(makeTheirs, input), await run(makeOurs, input)]
      const applying = differences.filter(({ applies }) => applies(input))
      const codes = applying.flatMap(({ refuses = [] }) => refuses)
      if (codes.length > 0) {
        assert.ok(codes.includes(ours.code), `refused by ${codes}: ${inspect({ theirs, ours }, { depth: 6 })}`)
        assert.deepEqual(ours.comparable.requests, [])
      } else {
        const expected = applying.reduce((outcome, { adaptTheirs }) => adaptTheirs(outcome), theirs.comparable)
        assert.deepEqual(ours.comparable, expected)
        tally.same++
      }
    })
    const numRuns = Math.ceil(runs * Number(process.env.RUNS ?? 1))
    const seed = Number(process.env.SEED ?? 1405)
    const { failed, counterexample, errorInstance } = await fc.check(property, { seed, numRuns })
    if (failed) throw new Error(`seed ${seed}, input: ${fc.stringify(counterexample[0])}\n${errorInstance?.stack}`)
    t.diagnostic(`${numRuns} cases: ${inspect(tally)}`)
    assert.ok(tally.same >= numRuns / 4, "at least a quarter of the inputs must have the same outcome")
  })

const interest = string({ unit: constantFrom(..."azAZ09_-=@,.;"), minLength: 1, maxLength: 12 })
const edge = constantFrom(163, 164, 165).chain((length) =>
  constantFrom("x".repeat(length), "\u00e9".repeat(length / 2)),
)
const listOf = (item, max) =>
  mostly(
    array(item, { minLength: 1, maxLength: 4 }),
    constantFrom(max, max + 1).map((length) => Array(length).fill("a")),
    oddValue,
    constantFrom([], "text", new Set(["a"])),
  )
const interests = listOf(nearlyAlways(interest, oneof(edge, oddValue, text)), 100)
const users = listOf(nearlyAlways(userId, oneof(edge, oddValue)), 1000)
const json = dictionary(
  string().filter((name) => name !== "__proto__"),
  fc.jsonValue(),
  { maxKeys: 4 },
)
const body = mostly(
  oneof(
    json,
    record({ apns: json, web: json, interests: array(interest), users: array(interest) }, { requiredKeys: ["web"] }),
  ),
  oddValue,
  constantFrom(
    { big: 1n },
    { toJSON: () => ({ mine: 1 }) },
    { web: { none: undefined, time: new Date(0), lone: "\ud800" } },
  ),
)
const answer = mostly(
  constant(undefined),
  constantFrom(
    { status: 201, body: '{"publishId":"2","more":[1]}' },
    { status: 401, body: '{"error":"Unauthorized","description":"Incorrect API Key"}' },
    { status: 422, body: '{"error":"Unprocessable Entity","description":"JSON does not match our schema: \u00e9"}' },
    { status: 500, body: '{"error":"Something went wrong","description":"Internal server error"}' },
  ),
)
const inputs = (method, ...args) => record({ method: constant(method), args: tuple(...args), answer, now: time })

testSameness("publishToInterests", 600, inputs("publishToInterests", interests, body))
testSameness("publishToUsers", 600, inputs("publishToUsers", users, body))
testSameness("deleteUser", 600, inputs("deleteUser", mostly(userId, oneof(edge, oddValue, constantFrom(".", "..")))))

const id = mostly(string({ unit: constantFrom(..."azAZ09-"), minLength: 1, maxLength: 36 }), oddValue, text)
const key = mostly(string({ unit: constantFrom(..."0123456789ABCDEF"), minLength: 1, maxLength: 64 }), oddValue, text)
const options = record({ instanceId: id, secretKey: key })
testSameness("new", 600, record({ method: constant("new"), options }))

const validOptions = record({
  instanceId: string({ unit: constantFrom(..."azAZ09-"), minLength: 1, maxLength: 36 }),
  secretKey: string({ unit: constantFrom(..."!#$%&()*+,-./09:;<=>?@AZ[]^_`az{|}~\\"), minLength: 1, maxLength: 100 }),
})
testSameness(
  "generateToken",
  1000,
  record({
    method: constant("generateToken"),
    options: validOptions,
    args: tuple(mostly(userId, oneof(edge, oddValue, text))),
    now: time,
  }),
)

test("the same message where an option is missing", () => {
  for (const options of [
    undefined,
    null,
    "text",
    {},
    { secretKey: "a" },
    { instanceId: "a" },
    { instanceId: 1, secretKey: "a" },
  ]) {
    const [theirs, ours] = [Theirs, Beams].map((Class) => {
      try {
        return new Class(options)
      } catch (error) {
        return error.message
      }
    })
    assert.equal(ours, theirs)
  }
})

test("each difference is one", async () => {
  const input = { options: credentials, now: 0 }
  const shown = {
    "mistakes are thrown at once, as the client's are: theirs reject": { method: "publishToInterests", args: [[], {}] },
    "users are deleted at the address of Beams' documentation, `customer_api`": { method: "deleteUser", args: ["a"] },
    "credentials are checked": { method: "new", options: { instanceId: "evil.example/", secretKey: "a" } },
    "a user's id is not empty, is well-formed, and its length counts as UTF-8": {
      method: "publishToUsers",
      args: [["\u00e9".repeat(100)], {}],
    },
    "a user whose id no URL can have is not deleted": { method: "deleteUser", args: [".."] },
    "an interest is not empty": { method: "publishToInterests", args: [[""], {}] },
    "what cannot be shown is refused like anything else": { method: "publishToInterests", args: [[Symbol("a")], {}] },
    "a body is an object": { method: "publishToInterests", args: [["a"], "text"] },
    "a body that has no JSON is refused as one": { method: "publishToInterests", args: [["a"], { big: 1n }] },
  }
  assert.deepEqual(Object.keys(shown).sort(), differences.map(({ name }) => name).sort())
  for (const [name, one] of Object.entries(shown)) {
    const [theirs, ours] = [await run(makeTheirs, { ...input, ...one }), await run(makeOurs, { ...input, ...one })]
    assert.notDeepEqual(ours.comparable, theirs.comparable, name)
    assert.ok(differences.find((difference) => difference.name === name).applies({ ...input, ...one }), name)
  }
})
