// The shop without a network. These tests take milliseconds.
import Pusher from "pusher-http-wasm"
import { fakeChannels } from "pusher-http-wasm/testing"
import { beforeEach, describe, expect, test } from "vitest"

import { makeShop } from "../shop.js"

const CHANNEL = "private-customer-ada"
const payment = { order: 7, customer: "ada", sum: 12.5 }

let fake, shop, mails
beforeEach(() => {
  fake = fakeChannels()
  mails = []
  // A failed request is not retried, so that one fault is enough.
  const pusher = new Pusher({ ...fake.options, retry: false })
  shop = makeShop(pusher, (customer, text) => mails.push({ customer, text }))
})

/** Passes the shop what Channels has sent webhooks of since the last call. */
async function sendWebhooks() {
  const response = await shop.receiveWebhook(fake.webhookRequest(fake.webhooks.splice(0)))
  expect(response.status).toBe(200)
}

async function openPage() {
  const page = fake.connect(CHANNEL)
  await sendWebhooks()
  return page
}

describe("a payment", () => {
  test("is shown to a customer who has the page open", async () => {
    const page = await openPage()
    expect(await shop.announcePayment(payment)).toBe("shown")
    fake.expectTriggered({ channel: CHANNEL, event: "paid", data: { order: 7, sum: 12.5 } }, { times: 1 })
    expect(page.received).toEqual([{ channel: CHANNEL, event: "paid", data: { order: 7, sum: 12.5 } }])
    expect(mails).toEqual([])
  })

  test("is mailed to a customer who has not", async () => {
    expect(await shop.announcePayment(payment)).toBe("mailed")
    fake.expectTriggered({}, { times: 0 })
    expect(mails).toEqual([{ customer: "ada", text: "Order 7 is paid: 12.5 €" }])
  })

  test("is mailed after the page was closed", async () => {
    const page = await openPage()
    page.disconnect()
    await sendWebhooks()
    expect(await shop.announcePayment(payment)).toBe("mailed")
  })

  test.each([
    ["is over quota", { status: 403, body: "Over quota" }],
    ["has trouble", { status: 500 }],
    ["cannot be reached", { refuse: true }],
  ])("is mailed when Channels %s", async (_, fault) => {
    await openPage()
    fake.failNext(fault)
    expect(await shop.announcePayment(payment)).toBe("mailed")
    expect(await shop.announcePayment(payment)).toBe("shown")
    fake.expectTriggered({ data: expect.objectContaining({ order: 7 }) }, { times: 1 })
    expect(mails).toHaveLength(1)
  })
})

describe("a subscription", () => {
  test("is allowed to the customer", async () => {
    const response = await shop.authorize(
      fake.authRequest(CHANNEL, { socketId: "1.2", headers: { "x-customer": "ada" } }),
    )
    expect(response.status).toBe(200)
    // Throws unless the signature is right.
    fake.connect(CHANNEL, { socketId: "1.2", auth: await response.json() })
  })

  test.each([
    ["other customers", CHANNEL, { "x-customer": "bob" }],
    ["strangers", CHANNEL, {}],
    ["channels of another kind", "presence-customer-ada", { "x-customer": "ada" }],
  ])("is refused for %s", async (_, channel, headers) => {
    expect((await shop.authorize(fake.authRequest(channel, { headers }))).status).toBe(403)
  })
})

test("a webhook of someone else's is refused", async () => {
  const event = { name: "channel_occupied", channel: CHANNEL }
  const forged = fake.webhookRequest(event, { "x-pusher-signature": "0".repeat(64) })
  expect((await shop.receiveWebhook(forged)).status).toBe(401)
  expect(await shop.announcePayment(payment)).toBe("mailed")
})
