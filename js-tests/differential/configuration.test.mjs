// Compares the constructor, forURL and forCluster: the configuration they make, their refusals and their warnings.
import { Agent } from "node:http"

import fc from "fast-check"

import { pick } from "../support/assertions.mjs"
import { masterKey } from "./stub.mjs"
import { getOutcome, testSameness } from "./support.mjs"
import { mostly, oddValue, partial, text } from "./values.mjs"

const { constant, constantFrom, integer, oneof, string, tuple } = fc

const makeText = (length) => "\u0001\ufffe\u00e9k".repeat(length).slice(0, length)
const makeOption = (...values) => mostly(constantFrom(...values), oddValue, text)
const validOptions = fc.record(
  {
    appId: constantFrom("3", 3, 0),
    key: constantFrom("key", "k/y"),
    secret: constantFrom("secret", "\u{1f600}"),
    cluster: constantFrom("eu", "mt1", undefined),
    host: constantFrom("localhost", "API.example.com", "[::1]", "", undefined),
    port: constantFrom(6001, 1, 65_535, undefined),
    scheme: constantFrom("http", "https", undefined),
    useTLS: constantFrom(true, false),
    timeout: integer({ min: 0, max: 1e6 }),
    encryptionMasterKeyBase64: constantFrom(
      masterKey,
      undefined,
      masterKey.slice(4),
      "not base64",
      "",
      `${masterKey}\n`,
      masterKey.slice(0, -1),
    ),
  },
  { requiredKeys: ["useTLS", "timeout", "key", "secret"] },
)
const options = partial({
  appId: makeOption("3", 3, "app", 0, ".."),
  key: makeOption("key", "k/y", "\u00e9"),
  secret: makeOption("secret", "\u{1f600}"),
  cluster: makeOption("eu", "mt1", "", "e u", "eu.evil.org#"),
  host: makeOption(
    "localhost",
    "api.example.com",
    "127.0.0.1",
    "[::1]",
    "localhost:6001",
    "h:0",
    "http://h",
    "h/p",
    "a@b",
    "",
    "[::1]:80",
  ),
  port: makeOption(6001, "6001", 1, 65_535, 0, 65_536, -1, 1.5, "", "0080", "port"),
  scheme: makeOption("http", "https", "", "HTTPS", "ws"),
  useTLS: makeOption(true, false),
  encrypted: makeOption(true, false, undefined, undefined),
  timeout: makeOption(0, 1, 10_000, "500", 1.5, -1, 2 ** 31, 1e12),
  agent: constant(new Agent()),
  encryptionMasterKey: makeOption("x".repeat(32), "x".repeat(31), "x".repeat(33), makeText(32), undefined),
  encryptionMasterKeyBase64: makeOption(
    masterKey,
    masterKey.slice(4),
    masterKey.slice(0, -1),
    `${masterKey}\n`,
    ` ${masterKey}`,
    "AAAA",
    "not base64",
    "",
    masterKey.replaceAll("/", "_"),
    // Spare bits in the last digit.
    masterKey.replace(/.=$/, (digit) => `${String.fromCharCode(digit.charCodeAt(0) + 1)}=`),
    undefined,
  ),
})

/** Returns a client's configuration, or the error thrown instead. */
const getConfiguration = (construct) =>
  getOutcome(0, () => {
    const { config } = construct()
    const masterKey = config.encryptionMasterKey && Buffer.from(config.encryptionMasterKey).toString("hex")
    return {
      ...pick(config, "scheme", "host", "port", "appId", "timeout", "agent"),
      ...pick(config.token ?? {}, "key", "secret"),
      masterKey,
    }
  })
const run = (Pusher, input) =>
  getConfiguration(() => {
    switch (input.method) {
      case "forURL":
        return Pusher.forURL(input.url, input.options)
      case "forCluster":
        return Pusher.forCluster(input.cluster, input.options)
      default:
        return new Pusher(input.options)
    }
  })

const makeInputs = (method, members) =>
  fc.record({
    method: constant(method),
    options: mostly(
      oneof(
        validOptions,
        validOptions,
        options,
        tuple(validOptions, options).map(([right, other]) => ({ ...other, ...right })),
      ),
      oddValue,
    ),
    ...members,
  })

testSameness("new Pusher", 3000, makeInputs("new"), run)

testSameness(
  "forCluster",
  700,
  makeInputs("forCluster", { cluster: constantFrom("eu", "mt1", "yet-to-come1", undefined) }),
  run,
)

const label = string({ unit: constantFrom(..."az09-"), minLength: 1, maxLength: 8 }).map((label) => `h${label}x`)
const part = oneof(
  string({ unit: constantFrom(..."azAZ09-_.~"), minLength: 1 }),
  string({ unit: "binary", minLength: 1 }),
  constantFrom("se:cr:et", "a@b", "a/b", "%41"),
)
const parts = fc.record({
  scheme: constantFrom("http", "https"),
  key: part,
  secret: part,
  host: oneof(
    label,
    tuple(label, label).map((labels) => labels.join(".")),
    constantFrom("127.0.0.1", "[::1]"),
  ),
  port: mostly(constant(undefined), integer({ min: 1, max: 65_535 })),
  appId: oneof(
    integer({ min: 0, max: 1e9 }).map(String),
    constantFrom("my-app", "12a", "9".repeat(15), "9".repeat(20)),
  ),
  prefix: constantFrom("", "", "/prefix", "/a/b"),
  tail: constantFrom("", "", "/", "?cluster=eu", "#there"),
})
const makeUrl = ({ scheme, key, secret, host, port, appId, prefix, tail }) =>
  `${scheme}://${encodeURIComponent(key)}:${encodeURIComponent(secret)}@${host}${port ? `:${port}` : ""}${prefix}/apps/${encodeURIComponent(
    appId,
  )}${tail}`

// The connection URLs that `pusher` accepts: numeric ids, and nothing that needs encoding.
const plainParts = parts.map((parts) => ({
  ...parts,
  key: `k${parts.key.replace(/[^\w.~-]/g, "")}`,
  secret: `s${parts.secret.replace(/[^\w.~-]/g, "")}`,
  host: parts.host.replace(/[[\]]/g, "").replace("::1", "localhost"),
  appId: parts.appId.replace(/\D/g, "").slice(0, 15) || "1",
  prefix: "",
  tail: parts.tail.replace("/", ""),
}))
const withUrl = (parts) => parts.map((parts) => ({ parts, url: makeUrl(parts) }))
const malformedUrl = constantFrom(
  "",
  "localhost",
  "key:secret@localhost/apps/1",
  "ftp://key:secret@localhost/apps/1",
  "http://localhost/apps/1",
  "http://:secret@localhost/apps/1",
  "http://key@localhost/apps/1",
  "http://key:@localhost/apps/1",
  "http://key:%zz@localhost/apps/1",
  "http://key:secret@/apps/1",
  "http://key:secret@localhost:port/apps/1",
  "http://key:secret@localhost:0/apps/1",
  "http://key:secret@localhost:65536/apps/1",
  "http://key:secret@localhost",
  "http://key:secret@localhost/1",
  "http://key:secret@localhost/apps/",
  "http://key:secret@localhost/apps/1/2",
)
const makeUrlInputs = (urls) =>
  tuple(
    urls,
    mostly(
      partial({
        timeout: constantFrom(0, 5),
        host: constant("example.org"),
        appId: constant(2),
        useTLS: constantFrom(true, false),
        port: constant(80),
      }),
      constantFrom(undefined, null),
    ),
  ).map(([url, options]) => ({ method: "forURL", ...url, options }))

testSameness(
  "forURL",
  1000,
  makeUrlInputs(
    mostly(
      withUrl(plainParts),
      withUrl(parts),
      oneof(malformedUrl, oddValue, text).map((url) => ({ url })),
    ),
  ),
  run,
)
