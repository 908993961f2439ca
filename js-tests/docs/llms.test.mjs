// llms.txt and llms-full.txt: every page is in them, and their links lead to pages.
import assert from "node:assert/strict"
import { test } from "node:test"

import { describeForModels, everythingForModels } from "../../docs/.vitepress/llms.mjs"
import { sidebarPages } from "../../docs/.vitepress/sidebar.mjs"
import { OTHER_PAGES, repository, rewriteLinks, siteLink } from "../../docs/.vitepress/site-links.mjs"
import { readPage } from "./pages.mjs"

const addresses = new Set(sidebarPages.map((page) => `/${page.replace(/(^|\/)index$/, "$1")}`))

test("llms.txt lists each page once, with what it is for", () => {
  const text = describeForModels()
  const items = [...text.matchAll(/^- \[([^\]]+)\]\(([^)]+)\): (\S.{20,})$/gm)]
  assert.deepEqual(items.map(([, , address]) => address).sort(), [...addresses].sort())
  for (const [, , , summary] of items) assert.doesNotMatch(summary, /\]\(/)
})

test("llms-full.txt has every page, with links that lead to the site", () => {
  const text = everythingForModels()
  for (const page of sidebarPages) {
    const { headings } = readPage(`docs/${page}.md`)
    assert.ok(text.includes(`# ${headings[0]}\n`), page)
  }
  const known = new Set([...addresses, ...Object.values(OTHER_PAGES).map((page) => `/${page}`)])
  const prose = text.replace(/^ *`{3,}[\s\S]*?^ *`{3,} *$/gm, "")
  const links = [...prose.matchAll(/\]\((\/[^)#]*)(?:#[^)]*)?\)/g)].map(([, link]) => link)
  assert.ok(links.length > 50)
  assert.deepEqual(
    links.filter((link) => !known.has(link) && !/^\/examples\/|\.(svg|png)$/.test(link)),
    [],
  )
})

test("links of a page become those of the site", () => {
  assert.equal(siteLink("docs/migrate/from-pusher.md", "../retries.md#settings"), "/retries#settings")
  assert.equal(siteLink("docs/recipes/index.md", "../../examples/hono"), "/examples/hono")
  assert.equal(siteLink("docs/index.md", "../DESIGN.md"), "/design")
  assert.equal(siteLink("docs/speed.md", "../benches/results/speed.svg"), "/speed.svg")
  assert.equal(siteLink("docs/index.md", "#anchor"), "#anchor")
  // What is not on the site is in the repository, once that has an address.
  const source = repository && `${repository}/blob/main/src/lib.rs`
  assert.equal(siteLink("DESIGN.md", "src/lib.rs"), source)
  assert.equal(
    rewriteLinks("docs/index.md", "See [`a`](errors.md) and [b](../src/lib.rs).\n\n```js\n[c](d.md)\n```\n"),
    `See [\`a\`](/errors) and ${source ? `[b](${source})` : "b"}.\n\n\`\`\`js\n[c](d.md)\n\`\`\`\n`,
  )
})
