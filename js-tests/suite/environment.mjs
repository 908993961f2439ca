// Configuration from environment variables.
import { docs, masterKey, pick, thrownBy } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const parts = { PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret" }
  const summarise = ({ config }) => ({
    ...pick(config, "scheme", "host", "port", "appId"),
    ...pick(config.token, "key", "secret"),
  })
  const onCloud = {
    scheme: "https",
    host: "api.pusherapp.com",
    port: undefined,
    appId: 3,
    key: "key",
    secret: "secret",
  }
  const onLocalhost = { ...onCloud, scheme: "http", host: "localhost", port: 6001 }

  test("reads one connection URL", (t) => {
    t.deepEqual(summarise(Pusher.fromEnv({ PUSHER_URL: "http://key:secret@localhost:6001/apps/3" })), onLocalhost)
  })

  test("reads a variable for each part", (t) => {
    t.deepEqual(summarise(Pusher.fromEnv(parts)), onCloud)
    t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_CLUSTER: "eu" }).config.host, "api-eu.pusher.com")
    const all = { ...parts, PUSHER_CLUSTER: "eu", PUSHER_HOST: "localhost", PUSHER_PORT: "6001", PUSHER_SCHEME: "http" }
    t.deepEqual(summarise(Pusher.fromEnv(all)), onLocalhost)
  })

  test("reads the names that other libraries and hosts use", (t) => {
    const env = { PUSHER_APP_ID: "3", PUSHER_APP_KEY: "key", PUSHER_APP_SECRET: "secret", PUSHER_APP_CLUSTER: "eu" }
    t.deepEqual(summarise(Pusher.fromEnv(env)), { ...onCloud, host: "api-eu.pusher.com" })
  })

  test("lets the URL take precedence and ignores empty variables", (t) => {
    const url = { PUSHER_URL: "http://a:b@localhost/apps/9" }
    t.strictEqual(Pusher.fromEnv({ ...parts, ...url }).config.appId, 9)
    t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_URL: "", PUSHER_PORT: "" }).config.appId, 3)
  })

  test("reads the master key of encrypted channels", (t) => {
    const { config } = Pusher.fromEnv({ ...parts, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: masterKey })
    t.strictEqual(config.encryptionMasterKey.length, 32)
    t.strictEqual(Pusher.fromEnv(parts, { encryptionMasterKeyBase64: masterKey }).config.encryptionMasterKey.length, 32)
    const error = thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: "c2hvcnQ=" }))
    t.strictEqual(error.field, "encryptionMasterKeyBase64")
    t.false(error.message.includes("c2hvcnQ"))
  })

  test("takes the rest from the options", (t) => {
    t.strictEqual(Pusher.fromEnv(parts, { timeout: 5, host: "example.org" }).config.timeout, 5)
  })

  test("names every missing variable at once", (t) => {
    const error = thrownBy(() => Pusher.fromEnv({ PUSHER_KEY: "key" }))
    t.true(error instanceof PusherValidationError)
    t.deepEqual(pick(error, "code", "field"), { code: "missing_option", field: "env" })
    t.strictEqual(error.message, "These environment variables are not set: PUSHER_APP_ID, PUSHER_SECRET")
    t.true(error.hint.includes("PUSHER_URL"))
  })

  test("names a malformed variable", (t) => {
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: "70000" })).field, "port")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: "x" })).field, "port")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_SCHEME: "ws" })).field, "scheme")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ PUSHER_URL: "localhost" })).code, "invalid_url")
    t.strictEqual(thrownBy(() => Pusher.fromEnv("PUSHER_URL")).code, "invalid_argument")
  })

  test("reads the host's own variables by default, where the host shows any", (t) => {
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
