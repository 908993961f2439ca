// Lines for people.

/** Makes a line of a channel's attributes. */
export const describeAttributes = (name, attributes) => [
  ["cyan", name],
  ...Object.entries(attributes).map(([attribute, value]) => `  ${attribute} ${JSON.stringify(value)}`),
]

/** Counts things in words: `1 event`, `2 events`. */
export const count = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`

/** Makes a line of an event: its name, its channel and the rest as JSON. */
export const describeWebhookEvent = ({ name, channel, ...rest }) => [
  ["cyan", String(name)],
  ...(channel === undefined ? [] : [`  ${channel}`]),
  ...(Object.keys(rest).length === 0 ? [] : [`  ${JSON.stringify(rest)}`]),
]
