// The site in Chromium, as `make docs` has built it: links, contrast and other rules of axe, phone width, keyboard, and search, without a network.
//
//   node --test js-tests/docs/site.mjs       SCREENSHOTS=folder keeps pictures
import assert from "node:assert/strict"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs"
import { createServer } from "node:http"
import { createRequire } from "node:module"
import { extname, join } from "node:path"
import { after, before, describe, test } from "node:test"

import { root } from "./pages.mjs"

const site = join(root, "target/docs")
const require = createRequire(join(root, "docs/package.json"))
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8")
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
}

/** Pages of each kind: long tables, code, a chart, the reference, an example. */
const PAGES = [
  "/",
  "/getting-started",
  "/errors",
  "/options",
  "/where-it-runs",
  "/speed",
  "/api/index/classes/Pusher",
  "/examples/express",
  "/workers",
  "/load",
]
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } }

/** Returns the file for a path, as a host of static files with clean URLs finds it. */
const fileOf = (path) =>
  [path, `${path}.html`, join(path, "index.html")]
    .map((name) => join(site, name))
    .find((file) => existsSync(file) && statSync(file).isFile())

let server, browser, origin
before(async () => {
  assert.ok(existsSync(join(site, "index.html")), "`make docs` builds the site")
  server = createServer((request, response) => {
    const file = fileOf(decodeURIComponent(new URL(request.url, "http://site").pathname))
    response.writeHead(file ? 200 : 404, {
      "content-type": TYPES[extname(file ?? ".html")] ?? "application/octet-stream",
    })
    response.end(file ? readFileSync(file) : "")
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  origin = `http://127.0.0.1:${server.address().port}`
  const { chromium } = require("playwright-core")
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  })
})
after(async () => {
  await browser?.close()
  server?.close()
})

/** Opens a page. Whatever it asks of another host is refused, and listed. */
const open = async (path, options) => {
  const context = await browser.newContext({ viewport: SIZES.desktop, reducedMotion: "reduce", ...options })
  const outside = []
  await context.route("**/*", (route) => {
    if (route.request().url().startsWith(origin)) return route.continue()
    outside.push(route.request().url())
    return route.abort()
  })
  const page = await context.newPage()
  const response = await page.goto(origin + path, { waitUntil: "load" })
  assert.equal(response.status(), 200, path)
  return { page, outside, close: () => context.close() }
}

const picture = async (page, name) => {
  const { SCREENSHOTS: folder } = process.env
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

for (const path of PAGES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`${path}, ${size}, ${colorScheme}: readable, no wider than the screen, and without the network`, async () => {
        const { page, outside, close } = await open(path, { viewport, colorScheme })
        await page.evaluate(axe)
        const { violations } = await page.evaluate(() =>
          globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }),
        )
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))}`,
        )
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        await picture(page, `${path.replaceAll("/", "-").slice(1) || "index"}-${size}-${colorScheme}`)
        await close()
        assert.deepEqual(found, [])
        assert.ok(wide <= 0, `${wide} pixels too wide`)
        assert.deepEqual(outside, [])
      })
    }
  }
}

test("the keyboard reaches the content first, and search finds a page", async () => {
  const { page, outside, close } = await open("/")
  await page.keyboard.press("Tab")
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip to content/)
  await page.keyboard.press("Control+k")
  await page.keyboard.type("payload_too_large")
  await page.waitForSelector(".VPLocalSearchBox .result")
  await picture(page, "search")
  await page.keyboard.press("Enter")
  await page.waitForURL(/errors/)
  assert.deepEqual(outside, [])
  await close()
})

describe("links", () => {
  const files = () =>
    readdirSync(site, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".html") && file !== "404.html")

  test("lead to a page and to a heading", () => {
    const idsOf = new Map()
    const readIds = (file) => {
      if (!idsOf.has(file))
        idsOf.set(file, new Set([...readFileSync(file, "utf8").matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)))
      return idsOf.get(file)
    }
    const broken = []
    for (const name of files()) {
      const html = readFileSync(join(site, name), "utf8")
      for (const [, href] of html.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
        if (/^[a-z]+:/.test(href)) continue
        const { pathname, hash } = new URL(href.replaceAll("&amp;", "&"), `http://site/${name}`)
        const file = fileOf(decodeURIComponent(pathname))
        if (!file) broken.push(`${name}: ${href}`)
        else if (hash && !readIds(file).has(decodeURIComponent(hash.slice(1)))) broken.push(`${name}: ${href}`)
      }
    }
    assert.ok(files().length > 100)
    assert.deepEqual([...new Set(broken)], [])
  })
})
