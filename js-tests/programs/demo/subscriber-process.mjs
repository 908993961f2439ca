// The process in which pusher-js runs: one connection for each name, as each would have in a browser of their own.
// It is a process because pusher-js leaves timers behind that would keep a program alive.
import PusherJs from "pusher-js"

const clients = new Map()
const orders = { join, subscribe, leave }

process.on("message", ({ order, ...rest }) => orders[order](rest))
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
