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
    t.strictEqual(
      error.message,
      "These environment variables are not set: PUSHER_URL (or PUSHER_APP_ID, PUSHER_SECRET)",
    )
    for (const cure of ["PUSHER_URL=https://", "`Pusher.fromEnv(env)`", "`--env-file=.env`"])
      t.true(error.hint.includes(cure), cure)
  })

  test("names a malformed variable", (t) => {
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: "70000" })).field, "port")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: "x" })).field, "port")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_SCHEME: "ws" })).field, "scheme")
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ PUSHER_URL: "localhost" })).code, "invalid_url")
    t.strictEqual(thrownBy(() => Pusher.fromEnv("PUSHER_URL")).code, "invalid_argument")
  })

  test("takes a number for an app id and a port, as the constructor does", (t) => {
    t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_APP_ID: 1234567 }).config.appId, 1234567)
    t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_PORT: 6001 }).config.port, 6001)
    t.strictEqual(thrownBy(() => Pusher.fromEnv({ ...parts, PUSHER_PORT: 1.5 })).field, "port")
  })

  test("refuses a variable of another type by its name", (t) => {
    for (const name of [
      "PUSHER_URL",
      "PUSHER_APP_ID",
      "PUSHER_KEY",
      "PUSHER_SECRET",
      "PUSHER_HOST",
      "PUSHER_CLUSTER",
      "PUSHER_PORT",
      "PUSHER_SCHEME",
      "PUSHER_ENCRYPTION_MASTER_KEY_BASE64",
    ]) {
      const isNumeral = name === "PUSHER_APP_ID" || name === "PUSHER_PORT"
      for (const value of [
        true,
        { get: async () => "tofu" },
        ["tofu"],
        () => "tofu",
        Symbol("tofu"),
        1n,
        ...(isNumeral ? [] : [1]),
      ]) {
        const error = thrownBy(() => Pusher.fromEnv({ ...parts, [name]: value }))
        t.true(error instanceof PusherValidationError, error)
        t.deepEqual(pick(error, "code", "field"), { code: "invalid_option", field: name })
        t.strictEqual(
          error.message,
          `Invalid ${name}: it must be of type ${isNumeral ? "string or number" : "string"}, not ${typeof value}`,
        )
      }
    }
    for (const nothing of [undefined, null])
      t.strictEqual(Pusher.fromEnv({ ...parts, PUSHER_PORT: nothing }).config.port, undefined)
  })

  test("says which variables Deno may not read", (t) => {
    const names = [
      "PUSHER_URL",
      "PUSHER_ENCRYPTION_MASTER_KEY_BASE64",
      "PUSHER_APP_ID",
      "PUSHER_KEY",
      "PUSHER_APP_KEY",
      "PUSHER_SECRET",
      "PUSHER_APP_SECRET",
      "PUSHER_HOST",
      "PUSHER_CLUSTER",
      "PUSHER_APP_CLUSTER",
      "PUSHER_PORT",
      "PUSHER_SCHEME",
    ]
    /** Runs `fromEnv` in a Deno that may read some variables. */
    const readIn = (variables) => {
      const deno = Object.getOwnPropertyDescriptor(globalThis, "Deno")
      const get = (name) => {
        if (name in variables) return variables[name]
        throw new Error(`Requires env access to "${name}"`)
      }
      Object.defineProperty(globalThis, "Deno", { value: { env: { get } }, configurable: true })
      try {
        return Pusher.fromEnv()
      } finally {
        if (deno) Object.defineProperty(globalThis, "Deno", deno)
        else delete globalThis.Deno
      }
    }
    const assertDenied = (name, variables) => {
      const error = thrownBy(() => readIn(variables))
      t.true(error instanceof PusherValidationError, error)
      t.deepEqual(pick(error, "message", "code", "field"), {
        message: `Cannot read ${name}: Deno needs --allow-env=${names.join()}`,
        code: "missing_option",
        field: "env",
      })
    }
    assertDenied("PUSHER_URL", {})
    assertDenied("PUSHER_URL", parts)
    assertDenied("PUSHER_APP_ID", { PUSHER_URL: undefined })
    const older = { PUSHER_APP_KEY: undefined, PUSHER_APP_SECRET: undefined }
    assertDenied("PUSHER_APP_KEY", { ...parts, PUSHER_URL: undefined })
    assertDenied("PUSHER_HOST", { ...parts, ...older, PUSHER_URL: "" })
    assertDenied("PUSHER_CLUSTER", { ...parts, ...older, PUSHER_URL: undefined, PUSHER_HOST: undefined })
    const url = { PUSHER_URL: "http://key:secret@localhost:6001/apps/3" }
    t.deepEqual(summarise(readIn(url)), onLocalhost, "no more than what is needed")
    const all = Object.fromEntries(names.map((name) => [name, undefined]))
    t.deepEqual(summarise(readIn({ ...all, ...parts })), onCloud)
    t.strictEqual(thrownBy(() => readIn(all)).message.slice(0, 40), "These environment variables are not set:")
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
