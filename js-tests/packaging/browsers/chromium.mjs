// Starts headless Chromium.
import { createRequire } from "node:module"
import { join } from "node:path"

import { installTools } from "../tools.mjs"
import { ensureInstalled } from "./debian.mjs"

const executable = process.env.CHROMIUM ?? "/usr/bin/chromium"
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Starts Chromium with a temporary profile. */
export async function launchChromium() {
  await ensureInstalled("chromium", executable, "CHROMIUM")
  const { chromium } = createRequire(join(await installTools("browsers"), "_"))("playwright-core")
  return chromium.launch({ executablePath: executable, headless: true, args: flags })
}
