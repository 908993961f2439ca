// Every method that sends a request, with the options that it takes.

/** Calls that ask. */
export const ASKING = {
  channels: (pusher, options) => pusher.channels(options),
  channel: (pusher, options) => pusher.channel("a", options),
  channelUsers: (pusher, options) => pusher.channelUsers("presence-a", options),
  get: (pusher, options) => pusher.get({ path: "/channels", ...options }),
}

/** Calls that publish. */
export const ACTING = {
  trigger: (pusher, options) => pusher.trigger("a", "event", "x", options),
  "trigger, encrypted": (pusher, options) => pusher.trigger("private-encrypted-a", "event", "x", options),
  triggerBatch: (pusher, options) => pusher.triggerBatch([{ channel: "a", name: "event", data: "x" }], options),
  sendToUser: (pusher, options) => pusher.sendToUser("1", "event", "x", options),
  post: (pusher, options) =>
    pusher.post({ path: "/events", body: { name: "event", channels: ["a"], data: "x" }, ...options }),
}

/** Calls that act, and take no options. */
export const WITHOUT_OPTIONS = { terminateUserConnections: (pusher) => pusher.terminateUserConnections("1") }
