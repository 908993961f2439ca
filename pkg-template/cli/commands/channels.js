// `channels`, `channel` and `users`: what Channels knows.
import { describeAttributes } from "../describe.js"

export const channels = {
  name: "channels",
  summary: "List the occupied channels",
  parameters: [],
  options: [
    { name: "prefix", label: "PREFIX", text: "Only channels whose names begin with this" },
    { name: "info", label: "NAMES", text: "Also ask for these: user_count needs --prefix presence-" },
  ],
  example: "pusher-http-wasm channels --prefix presence- --info user_count",
  async run({ options: { prefix, info }, output, openClient }) {
    const { pusher } = await openClient()
    const answer = await pusher.channels({ prefix, info })
    const found = Object.entries(answer.channels)
    output.result(answer, ...found.map(([name, attributes]) => describeAttributes(name, attributes)))
    if (found.length === 0) output.note("No channel is occupied")
  },
}

export const channel = {
  name: "channel",
  summary: "Show the state of a channel",
  parameters: [{ name: "channel", label: "CHANNEL", text: "The channel's name" }],
  options: [{ name: "info", label: "NAMES", text: "Also ask for these: user_count, subscription_count, cache" }],
  example: "pusher-http-wasm channel presence-lobby --info user_count",
  async run({ channel, options: { info }, output, openClient }) {
    const { pusher } = await openClient()
    const answer = await pusher.channel(channel, { info })
    output.result(answer, describeAttributes(channel, answer))
  },
}

export const users = {
  name: "users",
  summary: "List the users of a presence channel",
  parameters: [{ name: "channel", label: "CHANNEL", text: "The presence channel's name" }],
  options: [],
  example: "pusher-http-wasm users presence-lobby",
  async run({ channel, output, openClient }) {
    const { pusher } = await openClient()
    const answer = await pusher.channelUsers(channel)
    output.result(answer, ...answer.users.map(({ id }) => [String(id)]))
    if (answer.users.length === 0) output.note("Nobody is there")
  },
}
