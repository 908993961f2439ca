// Configuration from environment variables.
import { docs, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const parts = { PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret" }
  const summary = ({ config }) => [
    config.scheme,
    config.host,
    config.port,
    config.appId,
    config.token.key,
    config.token.secret,
  ]

  test("one URL", (t) => {
    const pusher = Pusher.fromEnv({ PUSHER_URL: "http://key:secret@localhost:6001/apps/3" })
    t.deepEqual(summary(pusher), ["http", "localhost", 6001, 3, "key", "secret"])
  })

  test("a variable for each part", (t) => {
    t.deepEqual(summary(Pusher.fromEnv(parts)), ["https", "api.pusherapp.com", undefined, 3, "key", "secret"])
    t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_CLUSTER: "eu" }).config.host, "api-eu.pusher.com")
    const all = { ...parts, PUSHER_CLUSTER: "eu", PUSHER_HOST: "localhost", PUSHER_PORT: "6001", PUSHER_SCHEME: "http" }
    t.deepEqual(summary(Pusher.fromEnv(all)), ["http", "localhost", 6001, 3, "key", "secret"])
  })

  test("the names that other libraries and hosts use", (t) => {
    const env = { PUSHER_APP_ID: "3", PUSHER_APP_KEY: "key", PUSHER_APP_SECRET: "secret", PUSHER_APP_CLUSTER: "eu" }
    t.deepEqual(summary(Pusher.fromEnv(env)), ["https", "api-eu.pusher.com", undefined, 3, "key", "secret"])
  })

  test("the URL wins, and an empty variable is none", (t) => {
    const url = { PUSHER_URL: "http://a:b@localhost/apps/9" }
    t.strictEqual(Pusher.fromEnv({ ...parts, ...url }).config.appId, 9)
    t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_URL: "", PUSHER_PORT: "" }).config.appId, 3)
  })

  test("the key of encrypted channels", (t) => {
    const base64 = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
    const { config } = Pusher.fromEnv({ ...parts, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: base64 })
    t.strictEqual(config.encryptionMasterKey.length, 32)
    t.strictEqual(Pusher.fromEnv(parts, { encryptionMasterKeyBase64: base64 }).config.encryptionMasterKey.length, 32)
    const error = thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: "c2hvcnQ=" }))
    t.strictEqual(error.field, "encryptionMasterKeyBase64")
    t.false(error.message.includes("c2hvcnQ"))
  })

  test("options give the rest", (t) => {
    t.strictEqual(Pusher.fromEnv(parts, { timeout: 5, host: "example.org" }).config.timeout, 5)
  })

  test("every missing variable is named at once", (t) => {
    const error = thrownBy(() => Pusher.fromEnv({ PUSHER_KEY: "key" }))
    t.true(error instanceof PusherValidationError)
    t.deepEqual([error.code, error.field], ["missing_option", "env"])
    t.strictEqual(error.message, "These environment variables are not set: PUSHER_APP_ID, PUSHER_SECRET")
    t.true(error.hint.includes("PUSHER_URL"))
  })

  test("a wrong variable is named", (t) => {
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: "70000" })).field, "port")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: "x" })).field, "port")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_SCHEME: "ws" })).field, "scheme")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ PUSHER_URL: "localhost" })).code, "invalid_url")
    t.strictEqual(thrownBy(() => Pusher.fromEnv("PUSHER_URL")).code, "invalid_argument")
  })

  test("without an object, the host's variables; none of them may be seen, or there", (t) => {
    const known = globalThis.process?.env
    const settable = known && !globalThis.Deno
    if (settable) Object.assign(known, { PUSHER_URL: `http://${docs.key}:secret@localhost/apps/3` })
    try {
      if (settable) t.strictEqual(Pusher.fromEnv().config.token.key, docs.key)
      else t.strictEqual(thrownBy(() => Pusher.fromEnv()).code, "missing_option")
    } finally {
      if (settable) delete known.PUSHER_URL
    }
    t.strictEqual(thrownBy(() => Pusher.fromEnv(undefined)).code, "missing_option")
    t.strictEqual(thrownBy(() => Pusher.fromEnv(null)).code, "missing_option")
  })
}
