// What clients are answered that subscribe to a channel or sign in.
import { credentials, member, presenceChannel, privateChannel, socketId, user } from "../inputs.mjs"

const auth = (signature) => `${credentials.key}:${signature}`

/** Returns the same answer by node:crypto: `prepare` gives the message to sign, and what stands beside the signature. */
const signByNode = (nodeCrypto, prepare) =>
  nodeCrypto &&
  (() => {
    const { message, ...more } = prepare()
    return { auth: auth(nodeCrypto.sign(message)), ...more }
  })

const channelCase = (name, channel, data, prepare) => ({
  name,
  variants: ({ ours, pusher, edge, byHand, nodeCrypto }) => ({
    ours: () => ours.authorizeChannel(socketId, channel, data),
    pusher: pusher && (() => pusher.authorizeChannel(socketId, channel, data)),
    edge: () => edge.authorizeChannel(socketId, channel, data),
    "by hand": () => byHand.authorizeChannel(socketId, channel, data),
    "node:crypto": signByNode(nodeCrypto, prepare),
  }),
})

/** As where the configuration comes with the request, as on Workers: a client for it, which goes away with it. */
const asFirstCallOf =
  ({ constructor: Client }) =>
  () => {
    const client = new Client({ ...credentials, cluster: "eu" })
    const answer = client.authorizeChannel(socketId, privateChannel)
    client.free?.()
    return answer
  }

export const authorization = [
  {
    name: "a client, and authorizeChannel, private",
    variants: ({ ours, pusher, edge, byHand }) => ({
      ours: asFirstCallOf(ours),
      pusher: pusher && asFirstCallOf(pusher),
      edge: asFirstCallOf(edge),
      "by hand": asFirstCallOf(byHand),
    }),
  },
  channelCase("authorizeChannel, private", privateChannel, undefined, () => ({
    message: `${socketId}:${privateChannel}`,
  })),
  channelCase("authorizeChannel, presence", presenceChannel, member, () => {
    const channel_data = JSON.stringify(member)
    return { message: `${socketId}:${presenceChannel}:${channel_data}`, channel_data }
  }),
  {
    name: "authenticateUser",
    variants: ({ ours, pusher, edge, byHand, nodeCrypto }) => ({
      ours: () => ours.authenticateUser(socketId, user),
      pusher: pusher && (() => pusher.authenticateUser(socketId, user)),
      edge: () => edge.authenticateUser(socketId, user),
      "by hand": () => byHand.authenticateUser(socketId, user),
      "node:crypto": signByNode(nodeCrypto, () => {
        const user_data = JSON.stringify(user)
        return { message: `${socketId}::user::${user_data}`, user_data }
      }),
    }),
  },
]
