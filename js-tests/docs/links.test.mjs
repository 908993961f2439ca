// Every link of the documentation leads somewhere: to a file, and to a heading in it.
import assert from "node:assert/strict"
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"

import { sidebarPages } from "../../docs/.vitepress/sidebar.mjs"
import { linksOf, listPages, readPage, resolveLink, root } from "./pages.mjs"

const pages = listPages()
const byPath = new Map(pages.map((page) => [page.path, page]))

for (const page of pages) {
  test(`${page.path}: every link leads to a file and a heading`, () => {
    const broken = linksOf(page)
      .filter(({ target }) => !/^[a-z]+:/.test(target))
      .filter(({ target }) => !isThere(page, target))
    assert.deepEqual(broken, [])
  })
}

/** Tells whether the target of a link exists. */
const isThere = (page, target) => {
  const [file, anchor] = target.split("#")
  const path = file === "" ? page.path : resolveLink(page.path, file)
  if (!existsSync(join(root, path))) return false
  if (anchor === undefined) return true
  if (!path.endsWith(".md") || statSync(join(root, path)).isDirectory()) return false
  return (byPath.get(path) ?? readPage(path)).anchors.includes(anchor)
}

test("links to other sites are https, or to this machine", () => {
  const others = pages.flatMap((page) => linksOf(page).map(({ target }) => target)).filter((at) => /^[a-z]+:/.test(at))
  assert.deepEqual(
    others.filter((at) => !/^(https:\/\/[\w.-]+\.\w+(\/|$)|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(at)),
    [],
  )
})

test("every page is in the site's sidebar, and no other", () => {
  const written = pages.map(({ path }) => path).filter((path) => path.startsWith("docs/"))
  const listed = sidebarPages.map((path) => `docs/${path}.md`)
  assert.deepEqual([...listed].sort(), written.sort())
  assert.equal(new Set(listed).size, listed.length)
})

test("every page begins with its title, and says in its first paragraph what it is for", () => {
  for (const { path, text } of pages) {
    assert.match(text, /^# [^\n]+\n\n[^\n#|`<]/, path)
  }
})
