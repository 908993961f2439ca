// Runs pusher-js in a process of its own, with one connection for each person, as in a browser each. pusher-js leaves timers running, which
// would keep the demo alive.
import PusherJs from "pusher-js"

const clients = new Map()
const commands = { join, subscribe, leave }

process.on("message", ({ command, ...args }) => commands[command](args))
process.on("disconnect", () => process.exit())
process.send({ kind: "ready" })

function join({ who, settings: { key, options }, endpoint }) {
  const client = new PusherJs(key, { ...options, channelAuthorization: { endpoint, params: { user: who } } })
  clients.set(who, client)
  const { connection } = client
  connection.bind("connected", () => process.send({ kind: "connected", who, socketId: connection.socket_id }))
  connection.bind("error", ({ data, error }) => {
    const { code, message } = data ?? error?.data ?? {}
    process.send({ kind: "trouble", who, code, reason: `${message} (${code})` })
  })
}

function subscribe({ who, channel: name }) {
  const channel = clients.get(who).subscribe(name)
  channel.bind_global((event, data) => {
    if (event === "pusher:subscription_succeeded") {
      const members = data?.members && Object.keys(data.members)
      process.send({ kind: "subscribed", who, channel: name, members })
    } else if (event === "pusher:subscription_error") {
      process.send({ kind: "refused", who, channel: name, status: data?.status, reason: data?.error })
    } else {
      process.send({ kind: "event", who, channel: name, event, data })
    }
  })
}

function leave({ who }) {
  clients.get(who).disconnect()
}
