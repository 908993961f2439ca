// Each feature of the console, once.
import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, describe, test } from "node:test"

import { Subscriber } from "../real/subscriber.mjs"
import { lines, press, startStage, waitForText } from "./stage.mjs"

const stage = await startStage()
after(() => stage.end?.())

describe("the console", { skip: stage.unavailable }, () => {
  const { open, server, worker } = stage
  const CHANNELS = {
    Public: "demo",
    Private: "private-demo",
    Presence: "presence-demo",
    Encrypted: "private-encrypted-demo",
    Cache: "cache-demo",
  }

  test("loads everything from the Worker", async (t) => {
    const page = await open(t, "Ada")
    const requested = []
    page.on("request", (request) => requested.push(new URL(request.url()).origin))
    page.on("websocket", (socket) => requested.push(new URL(socket.url()).origin))
    await page.reload()
    await waitForText(page.locator("#connection"), "connected, signed in")
    assert.deepEqual([...new Set(requested)].sort(), [worker.url, `ws://${server.host}:${server.port}`].sort())
  })

  for (const [kind, name] of Object.entries(CHANNELS)) {
    test(`triggers on a channel: ${kind}`, async (t) => {
      const page = await open(t, "Ada", { channel: kind === "Public" ? "private" : "public" })
      await page.getByRole("radio", { name: kind }).check()
      await waitForText(page.locator("#channel-name"), name)
      await waitForText(page.locator("#subscription"), "subscribed")
      await page.getByLabel("Event", { exact: true }).fill("note")
      await page.getByRole("textbox", { name: "Message" }).first().fill("as written")
      await press(page, "Trigger")
      const line = lines(page, "events", "Ada: as written")
      await waitForText(line.locator(".note"), /^\d+ ms$/)
      await waitForText(line.locator("b"), "note")
      await waitForText(page.locator("#latencies"), /^median \d+ ms$/)
      await waitForText(page.locator("#trigger-outcome"), "Triggered")
      const [{ body }] = server.requests.filter(({ body }) => body.includes('"note"')).slice(-1)
      assert.equal(body.includes("as written"), kind !== "Encrypted", "only what is encrypted hides from the server")
    })
  }

  test("shows what a cache channel keeps", async (t) => {
    const page = await open(t, "Ada", { channel: "cache" })
    await press(page, "Trigger")
    await waitForText(lines(page, "events", "greeting").locator(".note"), / ms$/)
    await page.getByRole("radio", { name: "Public" }).check()
    await page.getByRole("radio", { name: "Cache" }).check()
    await waitForText(lines(page, "events", "greeting").locator(".note"), "from the cache")
    await press(page, "End their connections")
    await press(page, "Connect again")
    const [second, first] = [0, 1].map((place) => lines(page, "events", "greeting").nth(place))
    for (const line of [first, second]) await waitForText(line.locator(".note"), "from the cache")
  })

  test("keeps to the last channel of several that are picked at once", async (t) => {
    const page = await open(t, "Ada", { channel: "private" })
    const picks = ["presence", "encrypted", "presence", "private", "presence"]
    // In one go, so that none is subscribed to before the next is picked.
    await page.evaluate((kinds) => {
      for (const kind of kinds) document.querySelector(`[value="${kind}"]`).click()
    }, picks)
    await waitForText(page.locator("#subscription"), "subscribed")
    await waitForText(page.locator("#member-count"), "1")
    await press(page, "Trigger")
    await page.getByLabel("Event", { exact: true }).fill("second")
    await press(page, "Trigger")
    await lines(page, "events", "second").first().waitFor()
    const shown = await page.locator("#events b").allTextContents()
    assert.deepEqual(shown, ["second", "greeting"])
  })

  test("triggers as often as the button is pressed", async (t) => {
    const page = await open(t, "Ada")
    await page.getByRole("button", { name: "Trigger" }).dblclick()
    await lines(page, "events", "greeting").nth(1).waitFor()
  })

  test("shows members and events that come from elsewhere", async (t) => {
    const page = await open(t, "Ada")
    const [{ id, key, secret }] = server.apps
    const pusher = createRequire(join(stage.folder, "_"))("pusher-http-wasm").forURL(
      `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`,
    )
    const stranger = new Subscriber({ key, options: server.pusherJsOptions, deadline: 60_000 })
    t.after(() => stranger.close())
    const socketId = await stranger.waitForConnection()
    await stranger.subscribe(
      "presence-demo",
      pusher.authorizeChannel(socketId, "presence-demo", { user_id: "nameless" }),
    )
    await lines(page, "events", "nameless came").waitFor()
    await waitForText(page.locator("#members li").nth(1), /nameless$/)
    const payloads = { text: { text: "unsigned" }, nothing: null, list: [1], plain: "words" }
    for (const [event, data] of Object.entries(payloads)) await pusher.trigger("presence-demo", event, data)
    const shown = { text: "unsigned", nothing: "null", list: "[1]", plain: '"words"' }
    for (const [event, text] of Object.entries(shown)) {
      const line = page.locator("#events > li", { has: page.getByText(event, { exact: true }) })
      await waitForText(line.locator("code"), text)
      await waitForText(line.locator(".note"), /\d:\d\d/)
    }
    await pusher.sendToUser("ada", "receipt", 7)
    await lines(page, "inbox", /^receipt.*7$/).waitFor()
  })

  test("shows members come and go, in two windows", async (t) => {
    const ada = await open(t, "Ada")
    await waitForText(ada.locator("#member-count"), "1")
    const grace = await open(t, "Grace", { beside: ada })
    for (const page of [ada, grace]) {
      await waitForText(page.locator("#member-count"), "2")
      await page.getByRole("listitem").filter({ hasText: "Grace" }).first().waitFor()
    }
    await lines(ada, "events", "Grace came").waitFor()
    await waitForText(grace.locator("#members .me"), /Grace\s*this window/)
    await press(grace, "Trigger")
    // They share a clock.
    for (const page of [ada, grace]) await waitForText(lines(page, "events", "Grace: Hello").locator(".note"), / ms$/)
    await grace.getByRole("radio", { name: "Public" }).check()
    await lines(ada, "events", "Grace left").waitFor()
    await waitForText(ada.locator("#member-count"), "1")
    await waitForText(grace.locator("#member-count"), "")
    await grace.getByText("Only a presence channel tells who is there.").waitFor()
  })

  test("measures no latency between two devices, whose clocks differ", async (t) => {
    const [ada, grace] = [await open(t, "Ada"), await open(t, "Grace")]
    await press(grace, "Trigger")
    await waitForText(lines(ada, "events", "Grace: Hello").locator(".note"), /\d:\d\d/)
  })

  test("leaves out the window that triggers", async (t) => {
    const ada = await open(t, "Ada")
    const grace = await open(t, "Grace", { beside: ada })
    await grace.getByLabel("For the other windows only").check()
    await press(grace, "Trigger")
    await waitForText(grace.locator("#trigger-outcome"), "Triggered, for the other windows")
    await grace.getByLabel("For the other windows only").uncheck()
    await grace.getByLabel("Event", { exact: true }).fill("second")
    await press(grace, "Trigger")
    // Events arrive in order: once the second is there, the first cannot come any more.
    for (const page of [ada, grace]) await lines(page, "events", "second").waitFor()
    assert.equal(await lines(ada, "events", "greeting").count(), 1)
    assert.equal(await lines(grace, "events", "greeting").count(), 0)
  })

  test("opens a second window beside the first, on the same channel", async (t) => {
    const ada = await open(t, "Ada", { channel: "private" })
    const [second] = await Promise.all([
      ada.waitForEvent("popup"),
      ada.getByRole("link", { name: "Open a second window" }).click(),
    ])
    await waitForText(second.locator("#channel-name"), "private-demo")
    await waitForText(second.locator("#connection"), "connected, signed in")
    assert.match(await second.locator("#me").textContent(), /^[A-Z][a-z]+-\d\d$/)
  })

  test("streams webhooks in with the result of their check", async (t) => {
    const ada = await open(t, "Ada", { allowed: /status of 401/ })
    const grace = await open(t, "Grace", { beside: ada })
    const joined = lines(ada, "webhooks", "member_added").filter({ hasText: "presence-demo · grace" }).first()
    await waitForText(joined.locator(".note"), "verified")
    await press(ada, "Forge one")
    await waitForText(ada.locator("#forge-outcome"), "The Worker answered 401")
    for (const page of [ada, grace]) {
      const refused = lines(page, "webhooks", "bad_signature").first()
      await waitForText(refused.locator(".note"), "not verified")
    }
    assert.equal(await lines(ada, "webhooks", "private-webhooks").count(), 0, "not of the list's own channel")
    // A window that comes later has those from before, each once.
    const tim = await open(t, "Tim", { beside: ada })
    await lines(tim, "webhooks", "presence-demo · tim").waitFor()
    assert.equal(await lines(tim, "webhooks", "bad_signature").count(), 1)
  })

  test("sends to a user, and to nobody else", async (t) => {
    const ada = await open(t, "Ada")
    const grace = await open(t, "Grace", { beside: ada })
    await ada.getByLabel("User id").fill("grace")
    await ada.getByRole("textbox", { name: "Message" }).last().fill("only you")
    await press(ada, "Send")
    await waitForText(ada.locator("#users-outcome"), "Sent to grace")
    await lines(grace, "inbox", /^message.*Ada: only you$/).waitFor()
    await ada.getByLabel("User id").fill("ada")
    await press(ada, "Send")
    await lines(ada, "inbox", "Ada: ").waitFor()
    assert.equal(await lines(ada, "inbox", "Ada: ").count(), 1)
    const proposed = await ada.locator("#known-users option").evaluateAll((all) => all.map(({ value }) => value))
    assert.deepEqual(proposed.sort(), ["ada", "grace"])
  })

  test("ends a user's connections, and connects again", async (t) => {
    const ada = await open(t, "Ada")
    const grace = await open(t, "Grace", { beside: ada })
    await ada.getByLabel("User id").fill("grace")
    await press(ada, "End their connections")
    await waitForText(ada.locator("#users-outcome"), "Ended the connections of grace")
    await waitForText(grace.locator("#connection"), /^disconnected: .*\(4009\)$/)
    await waitForText(grace.locator("#subscription"), "not subscribed without a connection")
    await waitForText(ada.locator("#member-count"), "1")
    await press(grace, "Connect again")
    await waitForText(grace.locator("#connection"), "connected, signed in")
    await waitForText(grace.locator("#subscription"), "subscribed")
    await waitForText(ada.locator("#member-count"), "2")
    await ada.getByLabel("User id").fill("grace")
    await press(ada, "Send")
    await lines(grace, "inbox", "Ada: ").waitFor()
  })

  test("publishes a thousand events with progress", async (t) => {
    const ada = await open(t, "Ada", { channel: "public" })
    const grace = await open(t, "Grace", { channel: "public", beside: ada })
    await press(ada, "Publish 1,000")
    await waitForText(ada.locator("#thousand-outcome"), "1,000 events in 100 requests")
    for (const bar of ["Published", "Arrived here"]) {
      const progress = ada.getByRole("progressbar", { name: bar })
      await ada.waitForFunction((element) => element.value === 1000, await progress.elementHandle())
    }
    assert.equal(await ada.locator("#arrived-count").textContent(), "1,000")
    assert.equal(await ada.locator("#events > li").count(), 0, "they are counted, not listed")
    assert.equal(await grace.locator("#bars").isHidden(), true)
  })

  test("says which part of a thousand failed", async (t) => {
    const page = await open(t, "Ada", { channel: "public" })
    t.after(server.intercept(({ path }) => (path.endsWith("/batch_events") ? { status: 403, body: "no" } : undefined)))
    await press(page, "Publish 1,000")
    await waitForText(page.locator("#thousand-outcome"), "1,000 failed: Unexpected status code 403")
  })

  test("breaks the secret, and shows the error that a developer sees", async (t) => {
    const page = await open(t, "Ada")
    const mistakes = {
      "The secret": ["PusherRequestError", "http", /Unexpected status code 401/, /`secret`/],
      "The server's port": ["PusherRequestError", "network", /failed/, /./],
      "The channel's name": ["PusherValidationError", "invalid_channel", /'my channel'/, /1 to 200 characters/],
      "20 KB of data": ["PusherRequestError", "http", /413/, /10 KB/],
      "No encryption key": ["PusherValidationError", "missing_option", /encryptionMasterKey/, /32 random bytes/],
    }
    for (const [mistake, [name, code, message, hint]] of Object.entries(mistakes)) {
      await page.getByLabel("What is wrong").selectOption(mistake)
      await press(page, "Break it")
      await waitForText(page.locator("dt:text-is('code') + dd"), code)
      await waitForText(page.locator("dt:text-is('message') + dd"), message)
      await waitForText(page.locator("#error-name"), name)
      await waitForText(page.locator("dt:text-is('hint') + dd"), hint)
    }
  })

  test("says when the Worker refuses, fails, or has ended", async (t) => {
    const page = await open(t, "Ada", { allowed: /Failed to load resource/ })
    const outcome = page.locator("#trigger-outcome")
    const stop = server.intercept(({ path }) => (path.endsWith("/events") ? { status: 403, body: "no" } : undefined))
    await press(page, "Trigger")
    await waitForText(outcome, "Channels: Unexpected status code 403")
    stop()
    await page.route("**/trigger", (route) => route.fulfill({ status: 500, body: "broken" }))
    await press(page, "Trigger")
    await waitForText(outcome, "The Worker answered 500")
    await page.route("**/trigger", (route) => route.abort())
    await press(page, "Trigger")
    await waitForText(outcome, "The Worker does not answer. Has it ended?")
    await page.route("**/pusher/auth", (route) => route.fulfill({ status: 403, body: '{"error":"Forbidden"}' }))
    await page.getByRole("radio", { name: "Private" }).check()
    await waitForText(page.locator("#subscription"), /^refused with 403/)
  })
})
