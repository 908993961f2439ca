// llms.txt and llms-full.txt: the documentation for language models, made of the same pages (https://llmstxt.org).
import { readFileSync } from "node:fs"
import { join } from "node:path"

import { sidebar, sidebarPages } from "./sidebar.mjs"
import { rewriteLinks } from "./site-links.mjs"

const docs = join(import.meta.dirname, "..")
/** Where the site is, once that is known. */
const site = (process.env.DOCS_URL ?? "").replace(/\/$/, "")

const readPage = (page) => readFileSync(join(docs, `${page}.md`), "utf8")
const titleOf = (text) => /^# (.*)$/m.exec(text)[1]
/** Returns the first paragraph of a page, without links. */
const summaryOf = (text) =>
  /^# .*\n\n([\s\S]*?)\n\n/
    .exec(text)[1]
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll("\n", " ")
const addressOf = (page) => `${site}/${page.replace(/(^|\/)index$/, "$1")}`

/** Makes llms.txt: what the library is, and what each page is about. */
export const describeForModels = () => {
  const parts = sidebar.map(({ text, pages }) => {
    const items = pages.map((page) => {
      const content = readPage(page)
      return `- [${titleOf(content)}](${addressOf(page)}): ${summaryOf(content)}`
    })
    return `## ${text}\n\n${items.join("\n")}\n`
  })
  return `# pusher-http-wasm

> The Pusher Channels server library for every JavaScript runtime: Cloudflare Workers, Deno, Bun, Node, edge runtimes. A drop-in replacement for npm's \`pusher\`.

Install it with \`npm install pusher-http-wasm\`. Make a client with \`Pusher.fromEnv(env)\`, and await \`pusher.trigger(channel, event, data)\`.
All pages in one file: ${site}/llms-full.txt

${parts.join("\n")}`
}

/** Makes llms-full.txt: all pages, one after the other. */
export const everythingForModels = () =>
  sidebarPages
    .map((page) => {
      const text = rewriteLinks(`docs/${page}.md`, readPage(page)).replace(/\]\((\/[^)]*)\)/g, `](${site}$1)`)
      return `<!-- ${addressOf(page)} -->\n\n${text.trim()}\n`
    })
    .join("\n")
