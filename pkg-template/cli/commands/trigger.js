// `trigger`: one event.
import { describeAttributes } from "../describe.js"
import { parseJson, readAnswer, readText } from "../input.js"

/**
 * Returns data as `trigger` takes it. A text is sent as it is, except on encrypted channels, where it is sent as a JSON string. Prints a
 * note about a text that was probably meant to be JSON.
 */
const readData = (text, names, output) => {
  const isEncrypted = names.some((name) => name.startsWith("private-encrypted-"))
  try {
    const data = parseJson(text)
    return isEncrypted ? data : text
  } catch {
    if (/^\s*[[{]/.test(text ?? "")) output.note("DATA is not valid JSON, and is sent as text")
    return text
  }
}

export const trigger = {
  name: "trigger",
  summary: "Trigger an event on channels",
  parameters: [
    { name: "channels", label: "CHANNEL[,CHANNEL…]", text: "The channels, separated by commas" },
    { name: "event", label: "EVENT", text: "The event's name" },
    { name: "data", label: "DATA", text: "Its data: text or JSON, sent as it is; - reads stdin", isOptional: true },
  ],
  options: [
    { name: "socket-id", label: "ID", text: "The connection that does not receive it" },
    { name: "info", label: "NAMES", text: "Also ask for these, such as subscription_count" },
  ],
  example: `pusher-http-wasm trigger news headline '{"text":"…"}'`,
  async run({ channels, event, data, options: { "socket-id": socketId, info }, output, openClient }) {
    const { pusher } = await openClient()
    const names = channels.split(",")
    const params = { ...(socketId && { socket_id: socketId }), ...(info && { info }) }
    const response = await pusher.trigger(names, event, readData(await readText(data), names, output), params)
    const answer = await readAnswer(response)
    const counts = Object.entries(answer.channels ?? {}).map(([name, attributes]) =>
      describeAttributes(name, attributes),
    )
    output.result(answer, [`Triggered ${event} on ${names.join(", ")}`], ...counts)
  },
}
