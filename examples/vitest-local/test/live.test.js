// The shop's server with pusher-js as a page has it, and a Channels server on this machine.
import { once } from "node:events"

import Pusher from "pusher-http-wasm"
import { startLocalChannels } from "pusher-http-wasm/testing"
import PusherJs from "pusher-js"
import { afterEach, beforeEach, expect, test } from "vitest"

import { makeServer } from "../server.js"
import { makeShop } from "../shop.js"

let channels, server, base, mails, pages
beforeEach(async () => {
  channels = await startLocalChannels()
  mails = []
  pages = []
  const shop = makeShop(new Pusher(channels.options), (customer) => mails.push(customer))
  server = makeServer(shop).listen(0, "127.0.0.1")
  await once(server, "listening")
  base = `http://127.0.0.1:${server.address().port}`
  channels.apps[0].webhooks = [{ url: `${base}/pusher/webhook` }]
})
afterEach(async () => {
  for (const page of pages) page.disconnect()
  await channels.close()
  server.close()
})

function openPage(customer) {
  const channelAuthorization = {
    endpoint: `${base}/pusher/auth`,
    transport: "ajax",
    headers: { "x-customer": customer },
  }
  const page = new PusherJs(channels.options.key, { ...channels.pusherJsOptions, channelAuthorization })
  pages.push(page)
  return page
}

/** Resolves to the data of the next such event. */
const next = (channel, event) => new Promise((resolve) => channel.bind(event, resolve))

async function pay(customer) {
  const body = JSON.stringify({ order: 7, customer, sum: 12.5 })
  return (await fetch(`${base}/payments`, { method: "POST", body })).json()
}

test("the page shows a payment; after it was closed, there is a mail", async () => {
  const page = openPage("ada")
  const channel = page.subscribe("private-customer-ada")
  await next(channel, "pusher:subscription_succeeded")
  await channels.webhooksIdle()

  const paid = next(channel, "paid")
  expect(await pay("ada")).toEqual({ told: "shown" })
  expect(await paid).toEqual({ order: 7, sum: 12.5 })
  expect(mails).toEqual([])

  page.disconnect()
  await expect.poll(() => channels.webhookDeliveries.at(-1).events[0].name).toBe("channel_vacated")
  await channels.webhooksIdle()
  expect(await pay("ada")).toEqual({ told: "mailed" })
  expect(mails).toEqual(["ada"])
})

test("a page cannot listen for another customer", async () => {
  const channel = openPage("bob").subscribe("private-customer-ada")
  expect(await next(channel, "pusher:subscription_error")).toMatchObject({ status: 403 })
})
