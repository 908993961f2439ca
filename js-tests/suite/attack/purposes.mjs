// No signature passes for another purpose. What is signed: `socket:channel[:data]`, `socket::user::data`, `METHOD\npath\nquery`, and a webhook's body.
import { docs } from "../support.mjs"

export default ({ test }, { default: Pusher }) => {
  const pusher = new Pusher(docs)
  const token = new Pusher.Token(docs.key, docs.secret)
  const HOSTILE = [
    "",
    ":",
    "::user::",
    ':user::{"id":"admin"}',
    "1.1",
    "1.1:private-a",
    '1.1::user::{"id":"admin"}',
    "private-a",
    "private-a:",
    'private-a:{"user_id":"admin"}',
    'presence-a:{"user_id":"admin"}',
    "private-a\n/apps/3/events\n",
    "GET\n/apps/3/channels\nauth_key=k",
    "private-\u{ff1a}a",
    "1.1\n",
    "1.1\0",
    "1.\u0661",
    "+1.1",
    "1e1.1",
    "-1.1",
    "1.1.1",
    "1 .1",
    '{"time_ms":1,"events":[]}',
  ]
  /** Returns what a call signs, by whichever of the texts has its signature; `undefined` where it throws. */
  const attempt = (call) => {
    try {
      return call().auth
    } catch (error) {
      if (error instanceof Pusher.PusherValidationError) return undefined
      throw error
    }
  }
  const authOf = (text) => `${docs.key}:${token.sign(text)}`

  test("a channel's signature is of a socket, a colon and a channel, and of nothing else", (t) => {
    for (const socket of [...HOSTILE, "123.456"]) {
      for (const channel of [...HOSTILE, "private-a", "presence-a"]) {
        for (const data of [undefined, { user_id: "::user::" }, { user_id: '"}:private-b' }]) {
          const auth = attempt(() => pusher.authorizeChannel(socket, channel, data))
          if (auth === undefined) continue
          t.true(/^\d+\.\d+$/.test(socket) && /^[\w=@,.;-]+$/.test(channel), JSON.stringify([socket, channel]))
          const json = data ? `:${JSON.stringify(data)}` : ""
          t.strictEqual(auth, authOf(`${socket}:${channel}${json}`))
        }
      }
    }
  })

  test("a user's signature is of a socket and user data, and of nothing else", (t) => {
    for (const socket of [...HOSTILE, "123.456"]) {
      for (const id of HOSTILE) {
        const auth = attempt(() => pusher.authenticateUser(socket, { id }))
        if (auth === undefined) continue
        t.true(/^\d+\.\d+$/.test(socket) && id !== "", JSON.stringify([socket, id]))
        t.strictEqual(auth, authOf(`${socket}::user::${JSON.stringify({ id })}`))
      }
    }
  })

  test("a request's signature is that of no channel and no user: its method is signed in upper case", (t) => {
    const targets = [
      "1.1:private-a",
      '1.1:presence-a:{"user_id":"admin"}',
      '1.1::user::{"id":"admin"}',
      '1.1:presence-a:{"user_id":"admin",\n"/":\n"auth_key=k"}',
    ]
    for (const text of targets) {
      const [method, path = "/", value = ""] = text.split("\n")
      const query = pusher.createSignedQueryString({ method, path, params: { '"': value } })
      const signature = new URLSearchParams(query).get("auth_signature")
      const signed = [...new URLSearchParams(query)].filter(([name]) => name !== "auth_signature")
      const params = signed.map((pair) => pair.join("=")).join("&")
      t.strictEqual(signature, token.sign(`${method.toUpperCase()}\n${path}\n${params}`))
      for (const target of targets) t.notStrictEqual(signature, token.sign(target))
    }
    // Only lower case names channels that need a signature, and users.
    t.false(/(private|presence)-|::user::/.test(targets.join("").toUpperCase()))
  })

  test("no other signature makes a webhook", (t) => {
    const texts = [
      "1.1:private-a",
      '1.1:presence-a:{"user_id":"1"}',
      '1.1::user::{"id":"1"}',
      "POST\n/apps/3/events\nauth_key=k&auth_timestamp=1&auth_version=1.0",
    ]
    for (const rawBody of texts) {
      const headers = {
        "x-pusher-key": docs.key,
        "x-pusher-signature": token.sign(rawBody),
        "content-type": "application/json",
      }
      t.strictEqual(pusher.webhook({ headers, rawBody }).reason, "not_json", rawBody)
    }
  })

  test("what signs for members and users has an id that reaches the client as it was signed", (t) => {
    for (const data of [{}, { user_id: "" }, { user_id: null }, { user_id: ["1"] }, { user_id: { a: 1 } }, []]) {
      t.strictEqual(
        attempt(() => pusher.authorizeChannel("1.1", "presence-a", data)),
        undefined,
        JSON.stringify(data),
      )
    }
    for (const data of [{}, { id: "" }, { id: 1 }, { id: null }, { id: ["1"] }, "admin", '{"id":"admin"}']) {
      t.strictEqual(
        attempt(() => pusher.authenticateUser("1.1", data)),
        undefined,
        JSON.stringify(data),
      )
    }
    const other = { user_id: "me", toJSON: () => ({ user_id: "" }) }
    t.strictEqual(
      attempt(() => pusher.authorizeChannel("1.1", "presence-a", other)),
      undefined,
    )
  })
}
