import { docs, pick, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const pusher = new Pusher(docs)

  test("signs private and presence channels as the known vectors do", (t) => {
    for (const { socket_id, channel, channel_data, auth, source } of vectors.channel_auth) {
      const answer = pusher.authorizeChannel(socket_id, channel, channel_data && JSON.parse(channel_data))
      t.deepEqual(answer, channel_data ? { channel_data, auth } : { auth }, source)
    }
  })

  test("keeps `authenticate` as the older name of `authorizeChannel`", (t) => {
    t.deepEqual(pusher.authenticate("1.1", "private-a"), pusher.authorizeChannel("1.1", "private-a"))
  })

  test("returns the exact channel data text that it signed", (t) => {
    const data = { user_id: "10", user_info: { name: "Zo\u00eb \u{1f600}", at: new Date(0), none: undefined } }
    const { auth, channel_data } = pusher.authorizeChannel("1.1", "presence-a", data)
    t.strictEqual(channel_data, JSON.stringify(data))
    t.strictEqual(auth, `${docs.key}:${new Pusher.Token(docs.key, docs.secret).sign(`1.1:presence-a:${channel_data}`)}`)
  })

  test("signs presence members of any size", (t) => {
    // Around the 65 536 bytes of the module's buffer, then large enough that its memory has to grow.
    for (const size of [60_000, 65_500, 65_536, 70_000, 1_000_000, 4_000_000]) {
      const data = { user_id: "x".repeat(size) }
      const text = JSON.stringify(data)
      const token = new Pusher.Token(docs.key, docs.secret)
      t.strictEqual(
        pusher.authorizeChannel("1.1", "presence-a", data).auth,
        `${docs.key}:${token.sign(`1.1:presence-a:${text}`)}`,
        `${size}`,
      )
      t.deepEqual(
        pusher.authorizeChannel("1.1", "private-a"),
        new Pusher(docs).authorizeChannel("1.1", "private-a"),
        `after ${size}`,
      )
    }
  })

  test("leaves `channel_data` out when there is no data", (t) => {
    for (const nothing of [undefined, null, "", 0, false]) {
      t.deepEqual(Object.keys(pusher.authorizeChannel("1.1", "private-a", nothing)), ["auth"])
    }
  })

  test("refuses a presence channel without a member, or with one that has no id", (t) => {
    for (const [data, shown] of [
      [undefined, ""],
      [null, ""],
      ["", ""],
      ["user", "undefined"],
      [{}, "undefined"],
      [{ user_info: { user_id: "1" } }, "undefined"],
      [[{ user_id: "1" }], "undefined"],
      [{ user_id: "" }, ""],
      [{ user_id: null }, "null"],
      [{ user_id: true }, "true"],
      [{ user_id: {} }, "[object Object]"],
      [{ userId: "1" }, "undefined"],
      [{ user_id: "1", toJSON: () => ({ name: "x" }) }, "undefined"],
      [Object.create({ user_id: "1" }), "undefined"],
    ]) {
      for (const channel of ["presence-a", "presence-cache-a"]) {
        const error = thrownBy(() => pusher.authorizeChannel("1.1", channel, data))
        t.true(error instanceof PusherValidationError)
        t.deepEqual(pick(error, "message", "code", "field"), {
          message: `Invalid user id: '${shown}'`,
          code: "invalid_user_id",
          field: "userId",
        })
      }
    }
    t.strictEqual(
      thrownBy(() => pusher.authorizeChannel("1.1", "presence-a")).hint,
      "A user id is a non-empty string: a member's `user_id`, a user's `id`.",
    )
    t.strictEqual(
      thrownBy(() => pusher.authorizeChannel("1.1", "presence-a", {})).hint,
      "It must be a string, not undefined.",
    )
  })

  test("signs a member by the id in the text that it signs", (t) => {
    for (const [data, text] of [
      [{ user_id: "1" }, '{"user_id":"1"}'],
      [{ user_id: 0 }, '{"user_id":0}'],
      [{ user_id: -1 }, '{"user_id":-1}'],
      [{ user_info: {}, user_id: "1" }, '{"user_info":{},"user_id":"1"}'],
      [{ user_info: {}, user_id: 1 }, '{"user_info":{},"user_id":1}'],
      [{ user_id: new Date(0) }, '{"user_id":"1970-01-01T00:00:00.000Z"}'],
      [{ user_id: '"' }, '{"user_id":"\\""}'],
      [{ toJSON: () => ({ user_id: "1" }) }, '{"user_id":"1"}'],
    ]) {
      t.strictEqual(pusher.authorizeChannel("1.1", "presence-a", data).channel_data, text)
    }
    t.strictEqual(pusher.authorizeChannel("1.1", "private-a", "text").channel_data, '"text"')
  })

  test("says of what type a value is that npm `pusher` only shows", (t) => {
    const args = { socketId: "1.1", channel: "private-a" }
    for (const [name, value, message, hint] of [
      ["socketId", 111, "Invalid socket id: '111'", "It must be a string, not a number."],
      ["socketId", undefined, "Invalid socket id: 'undefined'", "It must be a string, not undefined."],
      ["channel", 111, "Invalid channel name: '111'", "It must be a string, not a number."],
      ["channel", null, "Invalid channel name: 'null'", "It must be a string, not null."],
      ["channel", ["private-a"], "Invalid channel name: 'private-a'", "It must be a string, not a list."],
    ]) {
      const { socketId, channel } = { ...args, [name]: value }
      const error = thrownBy(() => pusher.authorizeChannel(socketId, channel))
      t.deepEqual(pick(error, "message", "hint"), { message, hint })
    }
  })

  test("returns the known shared secret of an encrypted channel", (t) => {
    const [{ master_key_base64, channel, shared_secret, source }] = vectors.encryption
    const answer = new Pusher({ ...docs, encryptionMasterKeyBase64: master_key_base64 }).authorizeChannel(
      "1.1",
      channel,
    )
    t.strictEqual(answer.shared_secret, shared_secret, source)
    t.deepEqual(Object.keys(answer), ["auth", "shared_secret"])
  })

  test("refuses an encrypted channel without a master key, in npm `pusher`'s words", (t) => {
    const error = thrownBy(() => pusher.authorizeChannel("1.1", "private-encrypted-a"))
    t.strictEqual(error.message, "Cannot generate shared_secret because encryptionMasterKey is not set")
    t.strictEqual(error.code, "missing_option")
  })

  test("never signs a channel name that could pass for a user's sign-in", (t) => {
    for (const channel of [':user::{"id":"admin"}', "private-a:presence-b", "#server-to-user-1", "private-a\n"]) {
      t.strictEqual(
        thrownBy(() => pusher.authorizeChannel("1.1", channel)).message,
        `Invalid channel name: '${channel.replace("\n", "%0A")}'`,
      )
    }
  })

  for (const socketId of [
    "",
    "1",
    "1.",
    ".1",
    "1.1.1",
    "1.1 ",
    "1.1\n",
    "-1.1",
    "1.1:private-a",
    "\u0661.\u0661",
    "1,1",
    undefined,
    null,
    1.1,
    {},
  ]) {
    test(`refuses the socket id ${JSON.stringify(socketId)} in npm \`pusher\`'s words`, (t) => {
      const error = thrownBy(() => pusher.authorizeChannel(socketId, "private-a"))
      t.true(error instanceof PusherValidationError)
      t.strictEqual(error.message, `Invalid socket id: '${String(socketId).replace("\n", "%0A")}'`)
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_socket_id", field: "socket_id" })
    })
  }
}
