import { docs, thrownBy, vectors } from "./support.mjs"

export default ({ test }, { default: Pusher, PusherValidationError }) => {
  const pusher = new Pusher(docs)

  test("signs user data as the known vectors do", (t) => {
    for (const { socket_id, user_data, auth, source } of vectors.user_auth) {
      t.deepEqual(pusher.authenticateUser(socket_id, JSON.parse(user_data)), { auth, user_data }, source)
    }
  })

  test("returns the exact user data text that it signed", (t) => {
    const data = { id: "1", user_info: { name: "Zo\u00eb" }, watchlist: ["2", "3"], more: [1] }
    const { auth, user_data } = pusher.authenticateUser("1.1", data)
    t.strictEqual(user_data, JSON.stringify(data))
    t.strictEqual(auth, `${docs.key}:${new Pusher.Token(docs.key, docs.secret).sign(`1.1::user::${user_data}`)}`)
  })

  for (const data of [undefined, null, "user", 1, true]) {
    test(`refuses user data of ${String(data)} in npm \`pusher\`'s words`, (t) => {
      const error = thrownBy(() => pusher.authenticateUser("1.1", data))
      t.true(error instanceof PusherValidationError)
      t.strictEqual(error.message, `Invalid user data: '${data}'`)
      t.strictEqual(error.code, "invalid_user_data")
    })
  }

  for (const id of [undefined, null, "", 1, {}]) {
    test(`refuses a user id of ${JSON.stringify(id)} in npm \`pusher\`'s words`, (t) => {
      const error = thrownBy(() => pusher.authenticateUser("1.1", { id }))
      t.strictEqual(error.message, `Invalid user id: '${id}'`)
      t.strictEqual(error.code, "invalid_user_id")
    })
  }

  test("reports a malformed socket id before malformed user data", (t) => {
    t.strictEqual(thrownBy(() => pusher.authenticateUser("x", null)).message, "Invalid socket id: 'x'")
  })
}
