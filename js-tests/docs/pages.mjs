// The documentation as data: pages, headings, links, blocks of code, and code in the text.
import { readdirSync, readFileSync } from "node:fs"
import { join, posix, relative, sep } from "node:path"

import { slug } from "../../docs/.vitepress/slug.mjs"

export const root = join(import.meta.dirname, "../..")
const docs = join(root, "docs")

/**
 * @typedef {object} Block
 * @property {string} lang the first word after the fence
 * @property {string | undefined} file the name of the file it is to be saved as
 * @property {boolean} isStatic whether it is only type-checked: it needs a browser, a framework or another host
 * @property {string} code
 * @property {string | undefined} heading the last heading before it
 * @property {number} line where the code begins, counted from 1
 */

/** Lists the pages by path below the root, README.md first. */
export const listPages = () => {
  const below = readdirSync(docs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !path.includes("/node_modules/") && !path.includes("/.vitepress/"))
  return ["README.md", ...below.sort()].map(readPage)
}

const FENCE = /^( *)(`{3,})(.*)\n([\s\S]*?)^\1\2 *$/gm

/** Reads a page. */
export const readPage = (path) => {
  const text = readFileSync(join(root, path), "utf8")
  // Blocks become empty lines, so that lines keep their numbers.
  const prose = text.replace(FENCE, (whole) => whole.replace(/[^\n]/g, ""))
  const titles = [...prose.matchAll(/^#{1,6} (.*)$/gm)].map(({ 1: heading, index }) => ({
    heading,
    line: prose.slice(0, index).split("\n").length,
  }))
  /** @type {Block[]} */
  const blocks = [...text.matchAll(FENCE)].map(({ 3: info, 4: code, index }) => {
    const [lang = "", ...words] = info.trim().split(/\s+/)
    const line = text.slice(0, index).split("\n").length + 1
    return {
      lang,
      file: words.find((word) => word !== "static"),
      isStatic: words.includes("static"),
      code,
      heading: titles.findLast((title) => title.line < line)?.heading,
      line,
    }
  })
  const headings = titles.map(({ heading }) => heading)
  return { path, text, prose, blocks, headings, anchors: anchorsOf(headings) }
}

/** Returns the anchors of headings; a second one of the same name gets a number, as on GitHub. */
const anchorsOf = (headings) => {
  const seen = new Map()
  return headings.map((heading) => {
    const name = slug(heading)
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return count === 0 ? name : `${name}-${count}`
  })
}

/** Returns the links of a page: `{ target, line }`. */
export const linksOf = ({ prose }) =>
  [...prose.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(({ 1: target, index }) => ({
    target,
    line: prose.slice(0, index).split("\n").length,
  }))

/** Returns the code in a page's text: `{ code, line }`. */
export const spansOf = ({ prose }) =>
  [...prose.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(({ 1: code, index }) => ({
    code,
    line: prose.slice(0, index).split("\n").length,
  }))

/** Resolves a link of a page to a path below the root. */
export const resolveLink = (path, target) => posix.normalize(posix.join(posix.dirname(path), target))
