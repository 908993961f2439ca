// `auth`: what an authorisation endpoint answers.
import { UsageError } from "../errors.js"
import { readObject } from "../input.js"

export const auth = {
  name: "auth",
  summary: "Authorise a connection for a private or presence channel",
  parameters: [
    { name: "socketId", label: "SOCKET_ID", text: "The connection's socket_id" },
    { name: "channel", label: "CHANNEL", text: "The channel's name" },
    {
      name: "member",
      label: "MEMBER",
      text: 'For a presence channel: an id, or JSON {"user_id": …}; - reads stdin',
      isOptional: true,
    },
  ],
  options: [],
  notes: ["Prints the JSON that pusher-js expects; for an encrypted channel, with its key."],
  example: "pusher-http-wasm auth 123.456 presence-lobby alice",
  async run({ socketId, channel, member, output, openClient }) {
    if (member === undefined && channel.startsWith("presence-"))
      throw new UsageError("MEMBER is missing: a presence channel needs one", "An id, such as alice, or JSON.")
    const { pusher } = await openClient()
    const data = member === undefined ? undefined : await readObject(member, "MEMBER", "user_id")
    return output.printJson(pusher.authorizeChannel(socketId, channel, data))
  },
}
