// What a shop has to do with Channels: customers with the page open see at once that their order is paid; others get a mail.
import { PusherRequestError } from "pusher-http-wasm"
import { channelAuthHandler, webhookHandler } from "pusher-http-wasm/handlers"

/**
 * @param {import("pusher-http-wasm").default} pusher the client: tests pass one of their own
 * @param {(customer: string, text: string) => void} sendMail
 */
export function makeShop(pusher, sendMail) {
  const occupied = new Set()

  return {
    /** Lets customers subscribe to their own channel. Demo only: trusts a header. Use your session instead. */
    authorize: channelAuthHandler(pusher, ({ channel, request }) => {
      const customer = request.headers.get("x-customer")
      return customer !== null && channel === getChannel(customer)
    }),

    /** Learns who has the page open. */
    receiveWebhook: webhookHandler(pusher, {
      channel_occupied: ({ channel }) => void occupied.add(channel),
      channel_vacated: ({ channel }) => void occupied.delete(channel),
    }),

    /** Tells a customer that an order is paid. Resolves to how. */
    async announcePayment({ order, customer, sum }) {
      const channel = getChannel(customer)
      if (occupied.has(channel)) {
        try {
          await pusher.trigger(channel, "paid", { order, sum })
          return "shown"
        } catch (error) {
          if (!(error instanceof PusherRequestError)) throw error
        }
      }
      sendMail(customer, `Order ${order} is paid: ${sum} €`)
      return "mailed"
    },
  }
}

const getChannel = (customer) => `private-customer-${customer}`
