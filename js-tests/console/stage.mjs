// What the tests of the demo's console need: the Worker in workerd, the embedded server, and windows of headless Chromium.
import { randomBytes } from "node:crypto"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { launchChromium } from "../packaging/browsers/chromium.mjs"
import { Unavailable } from "../packaging/projects.mjs"
import { describeServer } from "../programs/demo/target.mjs"
import { startWorker } from "../programs/demo/worker.mjs"
import { installPacked } from "../support/packed.mjs"

/** Milliseconds after which a window counts as hanging. */
const DEADLINE = 120_000

export const SIZES = {
  desktop: { width: 1360, height: 900 },
  half: { width: 680, height: 900 },
  phone: { width: 390, height: 844 },
  "small phone": { width: 320, height: 640 },
}

/**
 * Starts everything.
 *
 * @returns {Promise<{ unavailable: string } | Awaited<ReturnType<typeof start>>>} `unavailable`: why this machine has no Chromium
 */
export async function startStage() {
  try {
    return await start(await launchChromium())
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    return { unavailable: `not tried: ${error.message}` }
  }
}

async function start(browser) {
  const ends = [() => browser.close()]
  const end = async () => {
    for (const step of ends.toReversed()) await step()
  }
  try {
    const { folder, remove } = await installPacked({ also: ["pusher-js"] })
    ends.push(remove)
    const server = await startLocalChannels({ webhookRetryDelays: [] })
    ends.push(() => server.close())
    const worker = await startWorker({
      folder,
      variables: {
        ...describeServer(server),
        PUSHER_ENCRYPTION_MASTER_KEY_BASE64: randomBytes(32).toString("base64"),
      },
      port: 0,
      onlyLoopback: true,
      signal: AbortSignal.timeout(DEADLINE),
    })
    ends.push(() => worker.end())
    server.apps[0].webhooks = [{ url: `${worker.url}/pusher/webhook` }]
    return { folder, server, worker, end, open: makeOpen(browser, worker) }
  } catch (error) {
    await end()
    throw error
  }
}

/** Returns a function that opens a window: all with the same storage, or each as if on a device of its own. */
function makeOpen(browser, { url }) {
  /**
   * @param {import("node:test").TestContext} t closes the window, and fails if the page logged an error that is not in `allowed`
   * @param {string} name
   * @param {{ channel?: string, size?: keyof typeof SIZES, colorScheme?: "light" | "dark", beside?: any, allowed?: RegExp }} [options]
   *   `beside`: a window of the same browser
   */
  return async (t, name, { channel = "presence", size = "desktop", colorScheme = "light", beside, allowed } = {}) => {
    const context = beside?.context() ?? (await browser.newContext({ colorScheme, reducedMotion: "reduce" }))
    context.setDefaultTimeout(DEADLINE)
    const page = await context.newPage()
    await page.setViewportSize(SIZES[size])
    const complaints = []
    page.on("pageerror", (error) => complaints.push(error.stack))
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !allowed?.test(message.text()))
        complaints.push(message.text())
    })
    t.after(async () => {
      await (beside ? page.close() : context.close())
      if (complaints.length > 0) throw new Error(`${name}'s page complained:\n${complaints.join("\n")}`)
    })
    await page.goto(`${url}/?name=${name}#${channel}`)
    await waitForText(page.locator("#connection"), "connected, signed in")
    await waitForText(page.locator("#subscription"), "subscribed")
    return page
  }
}

/** Waits until an element has a text. @param {string | RegExp} text the whole text, or a part if it is a pattern */
export const waitForText = (locator, text) =>
  locator
    .filter({ hasText: typeof text === "string" ? new RegExp(`^\\s*${quote(text)}\\s*$`) : text })
    .first()
    // An element without a text takes no room, and is not visible.
    .waitFor({ state: text === "" ? "attached" : "visible" })

const quote = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

/** Finds the lines of a list, `events`, `webhooks` or `inbox`, that have a text. */
export const lines = (page, list, text) => page.locator(`#${list} > li`).filter({ hasText: text })

export const press = (page, name) => page.getByRole("button", { name, exact: true }).click()
