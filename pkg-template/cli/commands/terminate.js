// `terminate`: the end of a user's connections.
import { readAnswer } from "../input.js"

export const terminate = {
  name: "terminate",
  summary: "Close all connections of a user",
  parameters: [{ name: "user", label: "USER", text: "The user's id" }],
  options: [],
  example: "pusher-http-wasm terminate alice",
  async run({ user, output, openClient }) {
    const { pusher } = await openClient()
    const response = await pusher.terminateUserConnections(user)
    output.result(await readAnswer(response), [`Closed the connections of ${user}`])
  },
}
