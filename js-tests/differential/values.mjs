// Generates arguments: valid, at the limits, malformed, and oddValue.
import fc from "fast-check"

const { array, boolean, constant, constantFrom, integer, oneof, record, string, tuple } = fc

/** Chooses mostly the first, and each of the others equally often. */
export const mostly = (usual, ...others) =>
  oneof({ weight: 3 * others.length, arbitrary: usual }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })))

/** Chooses the second in one case of 16. */
export const nearlyAlways = (usual, other) => oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: other })

/** Makes objects with some of these members. */
export const partial = (members) => record(members, { requiredKeys: [] })

/** Any string, even with lone surrogates. */
const codeUnits = array(oneof(integer({ min: 0, max: 0xffff }), integer({ min: 0xd800, max: 0xdfff })), {
  maxLength: 8,
}).map((units) => String.fromCharCode(...units))
export const text = mostly(
  string(),
  string({ unit: "binary" }),
  string({ unit: "grapheme" }),
  codeUnits,
  constant("x".repeat(5000)),
)

const circular = { name: "circular" }
circular.self = circular

/** Values of types that hardly any argument may have. */
export const oddValue = constantFrom(
  undefined,
  null,
  true,
  false,
  0,
  -1,
  1.5,
  NaN,
  Infinity,
  10n,
  "",
  " ",
  [],
  [[]],
  {},
  { length: 300 },
  () => {},
  Symbol("odd"),
  new Date(0),
  new Date(NaN),
  /odd/,
  new Map([["a", 1]]),
  Object.create(null),
  new Uint8Array([1, 2]),
  Buffer.from("odd"),
  new Error("odd"),
)

export const data = oneof(
  text,
  fc.jsonValue(),
  fc.anything({
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
    withSparseArray: true,
  }),
  oddValue,
  constantFrom(
    circular,
    { big: 1n },
    { toJSON: () => "mine" },
    { toJSON: () => undefined },
    {
      toJSON() {
        throw new Error("of the caller")
      },
    },
    { nested: { none: undefined, list: [undefined, () => {}] } },
    { lone: "\ud800" },
    '{"already":"JSON"}',
    '\u2028\u2029"\\\u0000\u007f',
  ),
)

const channelText = string({ unit: constantFrom(..."azAZ09_-=@,.;"), minLength: 1, maxLength: 20 })
const addPrefix = (...prefixes) => tuple(constantFrom(...prefixes), channelText).map((parts) => parts.join(""))
export const plainChannel = addPrefix("", "private-", "presence-", "cache-", "private-cache-")
export const encryptedChannel = addPrefix("private-encrypted-", "private-encrypted-cache-")
export const edgeName = constantFrom(199, 200, 201).chain((length) =>
  constantFrom("x".repeat(length), `${"\u{1f600}".repeat(99)}${"x".repeat(length - 198)}`, "\u00e9".repeat(length)),
)
export const malformedChannel = oneof(
  edgeName,
  oddValue,
  text,
  constantFrom(
    "a b",
    "a\n",
    "a:b",
    "#server-to-user-1",
    "\u00e9",
    "a/b",
    "private-encrypted-\u00e9",
    ':user::{"id":"admin"}',
  ),
)
export const channel = mostly(plainChannel, encryptedChannel, malformedChannel)

export const eventName = mostly(string({ minLength: 1 }), text, edgeName, oddValue)

const digits = string({ unit: constantFrom(..."0123456789"), minLength: 1, maxLength: 12 })
export const validSocketId = tuple(digits, digits).map((parts) => parts.join("."))
export const socketId = mostly(
  validSocketId,
  text,
  oddValue,
  constantFrom("1", "1.", ".1", "1.1.1", "1.1\n", " 1.1", "-1.1", "1.1:a", "\u0661.\u0661", 1.5, "1,1"),
)

const safe = string({ unit: constantFrom(..."azAZ09_-.~,:@/"), maxLength: 12 })
/** Characters with a meaning in URLs. */
const risky = string({ unit: constantFrom(..."ab&=?#/%+ ;'\"<>\\:@!$()*[]{}|^`\u00e9\u{1f600}\n\t"), maxLength: 12 })
const paramName = mostly(
  string({ unit: constantFrom(..."abcyz_09"), minLength: 1, maxLength: 6 }),
  constantFrom("info", "filter_by_prefix", "auth_keys", "a-b", "a.b"),
  string({ minLength: 1, maxLength: 6 }),
  constantFrom("Info", "AUTH_KEY", "auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"),
  constantFrom("toString", "constructor", "valueOf", "\u00e9", "\u{1f600}", "\uffee"),
)
const paramValue = mostly(
  oneof(safe, integer(), boolean(), array(safe, { maxLength: 3 })),
  risky,
  text,
  constantFrom(undefined, null, NaN, 10n, {}, [1, [2]], new Date(0), { toString: () => "own" }),
)
/** Query parameters whose names differ in lower case, too. Of two that do not, servers read one or the other. */
const validParams = fc
  .uniqueArray(tuple(paramName, paramValue), { selector: ([name]) => name.toLowerCase(), maxLength: 5 })
  .map((pairs) => Object.fromEntries(pairs))
export const queryParams = oneof(constant(undefined), validParams)
export const oddParams = constantFrom(null, false, 0, "", "ab", 1, true, [])

const segment = string({ unit: constantFrom(..."azAZ09_-,@"), minLength: 1, maxLength: 10 })
export const validPath = array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join("/")}`)
export const path = oneof(
  risky.map((rest) => `/${rest}`),
  oddValue,
  text,
  constantFrom(
    "/",
    "channels",
    "/channels/../users",
    "/.",
    "/a/..",
    "/a/./b",
    "/..a",
    "/%2e%2e/b",
    "/channels/a?b=c#d",
    "//host",
  ),
)
export const userId = mostly(
  string({ unit: constantFrom(..."azAZ09_-.~,:@"), minLength: 2, maxLength: 12 }),
  risky,
  text,
  oddValue,
  constantFrom(".", "..", "...", "a/b", "../x", "a?b#c", "%2e%2e", "\u00e9"),
)

/** A time in milliseconds, sometimes later than 31 bits of seconds can express. */
export const time = nearlyAlways(
  integer({ min: 0, max: 2 ** 31 - 1 }).map((seconds) => seconds * 1000 + 987),
  integer({ min: 2 ** 41, max: 2 ** 43 }),
)
