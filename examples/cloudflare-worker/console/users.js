// Sends to a user, and ends a user's connections.
import { byId, make, onSubmit } from "./dom.js"
import { addLine, describe } from "./log.js"
import * as person from "./person.js"
import { post } from "./worker-calls.js"

/** Returns a function that adds a user's id to those that are proposed. */
export function startUsers(pusher) {
  const known = new Set()
  const learn = (id) => {
    if (known.has(id)) return
    known.add(id)
    byId("known-users").append(make("option", { value: id }))
  }
  learn(person.id)
  byId("user").value = person.id
  pusher.user.bind_global((event, data) => addLine(byId("inbox"), { title: event, detail: describe(data) }))

  onSubmit(byId("users"), byId("users-outcome"), async (form) => {
    const user = form.get("user")
    if (form.get("action") === "terminate") {
      await post("/users/terminate", { user })
      return `Ended the connections of ${user}`
    }
    await post("/users/message", { user, event: "message", data: { from: person.name, text: form.get("text") } })
    return `Sent to ${user}`
  })
  return { learn }
}
