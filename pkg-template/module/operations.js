// What JavaScript asks the module for. src/wasm/operations.rs has the same list, and tests/operations.rs compares the two.
//
// Only constants, and no imports: so the build writes the numbers where the names are, which saves 0.07 KB of brotli.

// Each operation with its fields in → its fields out; `?` may be absent.

// Configuration. The settings are those of `settingFields` (input/options.js), in its order.
/** absent, setting … → app id, timeout, most channels, most events */
export const FROM_OPTIONS = 0
/** connection URL, setting … → as `FROM_OPTIONS` */
export const FROM_URL = 1
/** cluster, setting … → as `FROM_OPTIONS` */
export const FOR_CLUSTER = 2
/** absent, setting …, then name and value of each variable → as `FROM_OPTIONS` */
export const FROM_ENVIRONMENT = 3
/** absent, absent, key, secret → as `FROM_OPTIONS` */
export const TOKEN = 4
/** (nothing) → name … */
export const ENVIRONMENT_NAMES = 5
/** (nothing) → scheme, host, port?, timeout, key, secret, master key?; the key and the secret may be empty */
export const DESCRIBE = 6

/** socket id, channel, channel data?, user id? → auth, shared secret? */
export const AUTHORIZE = 7
/** socket id, user data, user id → auth */
export const AUTHENTICATE = 8
/** method, path, body?, then name and value of each parameter → query */
export const SIGN_QUERY = 9
/** channel → secret */
export const SHARED_SECRET = 10
/** channel, nonce, ciphertext → text */
export const DECRYPT = 11
/** message? → signature? */
export const SIGN = 12
/** signature?, message?, content type? → something if authentic, something if JSON */
export const VERIFY = 13
/** content type? → something if JSON */
export const IS_JSON = 14

/** most bytes of a body, then of each event: bytes, number of channels, channel … → of the first request: number of an event, channel … */
export const PACK = 15

// Requests: all answer with URL, and body. What has a body is a POST, anything else a GET.
/** prefix?, info? → URL, body? */
export const CHANNELS = 16
/** channel, info? → URL, body? */
export const CHANNEL = 17
/** channel → URL, body? */
export const CHANNEL_USERS = 18
/** user id → URL, body? */
export const TERMINATE = 19
/** socket id?, event, data?, nonce?, members?, number of channels, channel … (or a user's, as bytes) → URL, body? */
export const TRIGGER = 20
/** number of events, then of each: channel (or a user's, as bytes), event, socket id?, data?, nonce?, members? → URL, body? */
export const BATCH = 21
/** path, absent, then name and value of each parameter → URL, body? */
export const GET = 22
/** path, body?, then name and value of each parameter → URL, body? */
export const POST = 23
