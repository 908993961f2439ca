// The site: `make docs` builds it into target/docs.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { defineConfig } from "vitepress"

import { listExamples, pages, prepare, root, titleOf } from "./prepare.mjs"
import { sidebar } from "./sidebar.mjs"
import { OTHER_PAGES, repository } from "./site-links.mjs"
import { slug } from "./slug.mjs"

prepare()

const isWritten = (page) => existsSync(join(pages, `${page}.md`))
const headingOf = (page) => /^# (.*)$/m.exec(readFileSync(join(pages, `${page}.md`), "utf8"))[1].replaceAll("`", "")
const linkOf = (page) => `/${page.replace(/(^|\/)index$/, "$1")}`
const item = (page) => ({ text: page === "index" ? "Overview" : headingOf(page), link: linkOf(page) })

export default defineConfig({
  title: "pusher-http-wasm",
  description: "The Pusher Channels server library for every JavaScript runtime",
  lang: "en-GB",
  base: process.env.DOCS_BASE ?? "/",
  srcDir: ".vitepress/pages",
  outDir: join(root, "target/docs"),
  cleanUrls: true,
  // The order of files on a disk must not show.
  lastUpdated: false,
  markdown: {
    anchor: { slugify: slug },
    toc: { slugify: slug },
    // Types in the reference look like tags.
    attrs: { disable: true },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    languageAlias: { env: "dotenv", cjs: "js" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    externalLinkIcon: true,
    nav: [
      { text: "Guide", link: "/getting-started" },
      { text: "Recipes", link: "/recipes/" },
      { text: "Reference", link: "/api/" },
      { text: "Examples", link: "/examples/" },
    ],
    // A list for each part: groups that open and close have a button in a button, which screen readers cannot tell apart.
    sidebar: {
      "/": [
        ...sidebar.map(({ text, pages }) => ({ text, items: pages.map(item) })),
        {
          text: "Project",
          items: [
            { text: "Reference", link: "/api/" },
            { text: "Examples", link: "/examples/" },
            ...Object.values(OTHER_PAGES).filter(isWritten).map(item),
          ],
        },
      ],
      "/api/": [
        {
          text: "Reference",
          items: ["index", "handlers", "node", "beams", "chunks", "testing"].map((name) => ({
            text: name === "index" ? "pusher-http-wasm" : `pusher-http-wasm/${name}`,
            link: `/api/${name}/`,
          })),
        },
      ],
      "/examples/": [
        {
          text: "Examples",
          items: listExamples().map((name) => ({ text: titleOf(name), link: `/examples/${name}` })),
        },
      ],
    },
    ...(repository && { socialLinks: [{ icon: "github", link: repository }] }),
    footer: { message: "MIT licence" },
  },
})
