// Makes the pictures of the console: in target/console/, or, with SCREENSHOTS=1, in docs/images/, where README and docs show them.
import assert from "node:assert/strict"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { after, describe, test } from "node:test"

import { shrinkPng } from "./small-png.mjs"
import { lines, press, startStage, waitForText } from "./stage.mjs"

/** More would make README and docs slow. */
const MAX_BYTES = 150_000

const folder = join(import.meta.dirname, "../..", process.env.SCREENSHOTS ? "docs/images" : "target/console")
const stage = await startStage()
after(() => stage.end?.())

describe("pictures of the console", { skip: stage.unavailable }, () => {
  const { open } = stage

  const take = async (page, name, options = {}) => {
    await page.mouse.move(0, 0)
    const picture = shrinkPng(await page.screenshot({ animations: "disabled", caret: "hide", ...options }))
    assert.ok(picture.length < MAX_BYTES, `${name} has ${picture.length} bytes`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `${name}.png`), picture)
  }

  const write = async (page, text) => {
    await page.getByRole("textbox", { name: "Message" }).first().fill(text)
    await press(page, "Trigger")
    await lines(page, "events", text).waitFor()
  }

  /** Ada and Grace talk. */
  const play = async (t, options) => {
    const ada = await open(t, "Ada", { ...options, allowed: /status of 401/ })
    const grace = await open(t, "Grace", { ...options, beside: ada })
    await lines(ada, "events", "Grace came").waitFor()
    await write(ada, "Is anybody there?")
    await write(grace, "I am, in the other window")
    await write(ada, "So the Worker works")
    return [ada, grace]
  }

  for (const colorScheme of ["light", "dark"]) {
    test(`desktop, ${colorScheme}`, async (t) => {
      const [ada, grace] = await play(t, { colorScheme })
      await ada.getByLabel("User id").fill("grace")
      await press(ada, "Send")
      await press(grace, "Send")
      await lines(grace, "inbox", "Ada: ").waitFor()
      await press(ada, "Publish 1,000")
      await waitForText(ada.locator("#thousand-outcome"), /requests/)
      await waitForText(ada.locator("#arrived-count"), "1,000")
      await press(ada, "Forge one")
      await lines(ada, "webhooks", "Refused").first().waitFor()
      await press(ada, "Break it")
      await ada.locator("#error").waitFor()
      await take(ada, `console-${colorScheme}`, { fullPage: true })
    })

    test(`phone, ${colorScheme}`, async (t) => {
      const [ada] = await play(t, { size: "phone", colorScheme })
      await take(ada, `console-phone-${colorScheme}`, {
        clip: { x: 0, y: 0, width: 390, height: 1100 },
        fullPage: true,
      })
    })
  }

  test("two windows side by side", async (t) => {
    const windows = await play(t, { size: "half" })
    const height = 810
    const pictures = await Promise.all(
      windows.map(async (page) => {
        await page.mouse.move(0, 0)
        return page.screenshot({ animations: "disabled", caret: "hide", clip: { x: 0, y: 0, width: 680, height } })
      }),
    )
    const page = await windows[0].context().newPage()
    t.after(() => page.close())
    await page.setViewportSize({ width: 2 * 680 + 3 * 20, height: height + 2 * 20 })
    await page.setContent(
      `<style>
        body { margin: 20px; display: flex; gap: 20px; background: #d3d6d2 }
        img { border-radius: 8px; box-shadow: 0 1px 6px #0004 }
      </style>` +
        pictures.map((picture) => `<img alt="" src="data:image/png;base64,${picture.toString("base64")}">`).join(""),
    )
    await take(page, "console-two-windows")
  })
})
