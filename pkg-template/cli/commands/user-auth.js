// `user-auth`: what an endpoint for signing in answers.
import { readObject } from "../input.js"

export const userAuth = {
  name: "user-auth",
  summary: "Sign a connection in as a user",
  parameters: [
    { name: "socketId", label: "SOCKET_ID", text: "The connection's socket_id" },
    { name: "user", label: "USER", text: 'An id, or JSON {"id": …}; - reads stdin' },
  ],
  options: [],
  notes: ["Prints the JSON that pusher-js expects."],
  example: `pusher-http-wasm user-auth 123.456 '{"id":"alice","user_info":{}}'`,
  async run({ socketId, user, output, openClient }) {
    const { pusher } = await openClient()
    const data = await readObject(user, "USER", "id")
    return output.printJson(pusher.authenticateUser(socketId, data))
  },
}
