import { docs, pick, thrownBy, vectors } from "./support.mjs"

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
      t.deepEqual(pick(error, "code", "field"), { code: "invalid_user_data", field: "userData" })
      t.true(/^It must be an object with an `id`, not (undefined|null|a string|a number|a boolean)\.$/.test(error.hint))
    })
  }

  for (const id of [undefined, null, "", 1, {}]) {
    test(`refuses a user id of ${JSON.stringify(id)} in npm \`pusher\`'s words`, (t) => {
      const error = thrownBy(() => pusher.authenticateUser("1.1", { id }))
      t.strictEqual(error.message, `Invalid user id: '${id}'`)
      t.strictEqual(error.code, "invalid_user_id")
    })
  }

  test("checks the id in the text that it signs", (t) => {
    for (const [data, shown] of [
      [{ id: "1", toJSON: () => ({ id: "" }) }, ""],
      [{ id: "1", toJSON: () => ({ name: "x" }) }, "undefined"],
      [{ id: "1", toJSON: () => "1" }, "undefined"],
      [Object.create({ id: "1" }), "undefined"],
    ]) {
      t.strictEqual(thrownBy(() => pusher.authenticateUser("1.1", data)).message, `Invalid user id: '${shown}'`)
    }
    t.strictEqual(pusher.authenticateUser("1.1", { toJSON: () => ({ id: "1" }) }).user_data, '{"id":"1"}')
    let reads = 0
    const user = {
      get id() {
        reads++
        return reads === 1 ? "1" : ""
      },
    }
    t.strictEqual(pusher.authenticateUser("1.1", user).user_data, '{"id":"1"}')
    t.strictEqual(reads, 1)
    t.strictEqual(thrownBy(() => pusher.authenticateUser("1.1", { id: 1 })).hint, "It must be a string, not a number.")
  })

  test("reports data without a JSON form before an id in it", (t) => {
    t.strictEqual(thrownBy(() => pusher.authenticateUser("1.1", { id: "", big: 1n })).code, "invalid_data")
  })

  test("reports a malformed socket id before malformed user data", (t) => {
    t.strictEqual(thrownBy(() => pusher.authenticateUser("x", null)).message, "Invalid socket id: 'x'")
  })
}
