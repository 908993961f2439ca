// The console by keyboard, on each size of window, in light and dark, and as axe-core judges it.
import assert from "node:assert/strict"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, describe, test } from "node:test"

import { installTools } from "../packaging/tools.mjs"
import { lines, press, SIZES, startStage, waitForText } from "./stage.mjs"

const stage = await startStage()
after(() => stage.end?.())

describe("the console", { skip: stage.unavailable }, () => {
  const { open } = stage

  /** Brings everything onto the page that it can show. */
  const fill = async (page) => {
    await press(page, "Trigger")
    await press(page, "Forge one")
    await press(page, "Send")
    await press(page, "Publish 1,000")
    await press(page, "Break it")
    await page.locator("#error").waitFor()
    for (const [list, text] of [
      ["events", "greeting"],
      ["inbox", "Only for you"],
      ["webhooks", "Refused"],
    ])
      await lines(page, list, text).first().waitFor()
    await waitForText(page.locator("#thousand-outcome"), /requests/)
  }

  const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
  /** Lists what axe-core finds by the rules of WCAG 2.2 AA and its own good practice, and what it cannot judge. */
  const judge = async (page) => {
    await page.evaluate(createRequire(join(await installTools("browsers"), "_"))("axe-core").source)
    const { violations, incomplete } = await page.evaluate((runOnly) => globalThis.axe.run({ runOnly }), RULES)
    const list = ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`)
    return { faults: violations.flatMap(list), unknown: incomplete.flatMap(list) }
  }
  /** Shows all lines: axe-core cannot judge the colours of those that are scrolled out of sight. */
  const unroll = (page) =>
    page.evaluate(() => {
      for (const { style } of document.querySelectorAll(".lines")) style.maxHeight = "none"
    })

  for (const size of ["desktop", "phone"]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`has no fault that axe-core finds: ${size}, ${colorScheme}`, async (t) => {
        const page = await open(t, "Ada", { size, colorScheme, allowed: /status of 401/ })
        assert.deepEqual(await judge(page), { faults: [], unknown: [] })
        await fill(page)
        assert.deepEqual((await judge(page)).faults, [])
        await press(page, "End their connections")
        await page.getByRole("button", { name: "Connect again" }).waitFor()
        await unroll(page)
        assert.deepEqual(await judge(page), { faults: [], unknown: [] })
      })
    }
  }

  for (const size of Object.keys(SIZES)) {
    test(`fits the window: ${size}`, async (t) => {
      const page = await open(t, "Ada", { size, allowed: /status of 401/ })
      await page.getByRole("textbox", { name: "Message" }).first().fill("long".repeat(100))
      await fill(page)
      const { content, window } = await page.evaluate(() => ({
        content: document.documentElement.scrollWidth,
        window: document.documentElement.clientWidth,
      }))
      assert.ok(content <= window, `${content} > ${window} pixels`)
    })
  }

  test("is dark where the system is", async (t) => {
    const measure = (page) =>
      page.evaluate(() => {
        const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)
        return (r + g + b) / 3
      })
    assert.ok((await measure(await open(t, "Ada", { colorScheme: "dark" }))) < 64)
    assert.ok((await measure(await open(t, "Ada", { colorScheme: "light" }))) > 192)
  })

  test("works by keyboard alone, and shows where the focus is", async (t) => {
    const page = await open(t, "Ada", { allowed: /status of 401/ })
    const { keyboard } = page
    /** Returns the role and name of what has the focus. Fails if one cannot see it. */
    const getFocus = async () => {
      const outline = await page.evaluate(() => {
        const { type, nextElementSibling } = document.activeElement
        // The label's box stands for the radio button, which is transparent.
        return getComputedStyle(type === "radio" ? nextElementSibling : document.activeElement).outlineStyle
      })
      const [, focus] = /^- (\w+ ".+?")/.exec(await page.locator(":focus").ariaSnapshot())
      assert.notEqual(outline, "none", `${focus} has the focus, and does not show it`)
      return focus
    }
    const tabTo = async (wanted) => {
      await keyboard.press("Tab")
      assert.equal(await getFocus(), wanted)
    }
    await tabTo('link "Open a second window"')
    await tabTo('radio "Presence Shows who is there"')
    await keyboard.press("ArrowLeft")
    assert.equal(await getFocus(), 'radio "Private The Worker says who may"')
    await waitForText(page.locator("#channel-name"), "private-demo")
    await waitForText(page.locator("#subscription"), "subscribed")
    await tabTo('textbox "Event"')
    await tabTo('textbox "Message"')
    await keyboard.type("typed")
    await keyboard.press("Enter")
    await lines(page, "events", "Ada: typed").waitFor()
    await tabTo('checkbox "For the other windows only"')
    await keyboard.press("Space")
    await tabTo('button "Trigger"')
    await keyboard.press("Enter")
    await waitForText(page.locator("#trigger-outcome"), "Triggered, for the other windows")
    await tabTo('log "Events on private-demo"')
    await tabTo('button "Forge one"')
    await keyboard.press("Enter")
    await waitForText(page.locator("#forge-outcome"), "The Worker answered 401")
    await tabTo('log "Webhooks"')
    await tabTo('combobox "User id"')
    await tabTo('textbox "Message"')
    await tabTo('button "Send"')
    await keyboard.press("Space")
    await lines(page, "inbox", "Ada: ").waitFor()
    await tabTo('button "End their connections"')
    await tabTo('log "Messages to you"')
    await tabTo('button "Publish 1,000"')
    await keyboard.press("Enter")
    await waitForText(page.locator("#thousand-outcome"), "1,000 events in 100 requests")
    await tabTo('combobox "What is wrong"')
    await keyboard.press("ArrowDown")
    await tabTo('button "Break it"')
    await keyboard.press("Enter")
    await waitForText(page.locator("dt:text-is('code') + dd"), "network")
    for (const name of [
      'combobox "What is wrong"',
      'button "Publish 1,000"',
      'log "Messages to you"',
      'button "End their connections"',
    ]) {
      await keyboard.press("Shift+Tab")
      assert.equal(await getFocus(), name)
    }
    await keyboard.press("Enter")
    await waitForText(page.locator("#connection"), /4009/)
    // The button that is gone must not take the focus with it.
    await page.getByRole("button", { name: "Connect again" }).focus()
    await keyboard.press("Enter")
    await waitForText(page.locator("#connection"), "connected, signed in")
    assert.equal(await page.evaluate(() => document.activeElement.id), "connection")
  })
})
