// Writes the sizes that the pages promise, from tools/size-budget.json. A test compares them; `make size` checks that the package keeps to them.
//
//   node tools/published-sizes.mjs --write
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import budget from "./size-budget.json" with { type: "json" }
import { PACKED, UNPACKED, WHOLE_BUNDLE } from "./weight.mjs"

const root = join(import.meta.dirname, "..")

const kilobytes = (row) => String(Math.round(budget[row] / 100) / 10)
const megabytes = (row) => String(Math.round(budget[row] / 100_000) / 10)
const bundle = () => kilobytes(`${WHOLE_BUNDLE}, bytes of brotli`)

/** Every promised size: the page, the words before the number, those after it, and the number. */
const SIZES = [
  ["README.md", "It adds at most ", " KB to a Worker", bundle],
  ["CHANGELOG.md", "It adds at most ", " KB to a Worker", bundle],
  ["docs/faq.md", "It adds at most ", " KB to a Worker", bundle],
  ["docs/where-it-runs.md", "The library adds at most ", " KB to a minified Worker", bundle],
  ["docs/faq.md", "downloads at most ", " KB", () => kilobytes(PACKED)],
  ["docs/faq.md", "takes at most ", " MB on disk", () => megabytes(UNPACKED)],
  ...["handlers", "node", "beams", "testing", "chunks"].map((name) => [
    "docs/faq.md",
    `| \`/${name}\` | `,
    " |",
    () => kilobytes(`${name}.js, bytes of brotli`),
  ]),
]

/** Returns a page's text with the sizes of the budget. Throws if it has not all of the words. */
export const withSizes = (page, text) => {
  for (const [, before, after, number] of SIZES.filter(([path]) => path === page)) {
    const parts = text.split(before)
    const rest = /^[\d.]+/.exec(parts[1] ?? "")
    if (parts.length !== 2 || !rest || !parts[1].slice(rest[0].length).startsWith(after))
      throw new Error(`${page} must say "${before}…${after}" once`)
    text = parts[0] + before + number() + parts[1].slice(rest[0].length)
  }
  return text
}

export const pagesWithSizes = [...new Set(SIZES.map(([page]) => page))]

if (process.argv[1] === import.meta.filename && process.argv.includes("--write")) {
  for (const page of pagesWithSizes) {
    const path = join(root, page)
    writeFileSync(path, withSizes(page, readFileSync(path, "utf8")))
  }
}
