// Links of a page in the repository, as they are on the site.
import { posix } from "node:path"

import { describeRepository } from "../../tools/repository.mjs"

/** The repository's address, as for the manifest. Until there is one, links to files that are not on the site become plain text. */
export const repository = describeRepository(process.env).bugs?.url.replace(/\/issues$/, "")

/** Files outside docs/ that are pages of the site. */
export const OTHER_PAGES = {
  "DESIGN.md": "design",
  "CHANGELOG.md": "changelog",
  "CONTRIBUTING.md": "contributing",
  "INTERNALS.md": "internals",
  "SECURITY.md": "security",
  "js-tests/load/results/load.md": "load",
}

/** Pictures that pages show. */
export const PICTURES = [
  "benches/results/speed.svg",
  "benches/results/growth.svg",
  "js-tests/load/results/load.svg",
  "docs/images/console-two-windows.png",
]

/** Returns where a path of the repository is on the site; `undefined` if it is not there. */
const placeOf = (path) => {
  if (path in OTHER_PAGES) return `/${OTHER_PAGES[path]}`
  if (path === "README.md") return "/"
  const page = /^docs\/(.*?)(?:index)?\.md$/.exec(path)
  if (page) return `/${page[1]}`
  const example = /^examples\/([^/]+)/.exec(path)
  if (example) return `/examples/${example[1]}`
  if (PICTURES.includes(path)) return `/${posix.basename(path)}`
}

/** Returns a link's target on the site: `undefined` if there is none. `page` is the path of the page in the repository. */
export const siteLink = (page, target) => {
  if (/^(?:[a-z]+:|#)/.test(target)) return target
  const [file, anchor] = target.split("#")
  const path = posix.normalize(posix.join(posix.dirname(page), file)).replace(/\/$/, "")
  const place = placeOf(path) ?? (repository && `${repository}/blob/main/${path}`)
  return place && (anchor === undefined ? place : `${place}#${anchor}`)
}

/** Rewrites the links of a page. Blocks of code stay as they are. */
export const rewriteLinks = (page, text) =>
  text
    .split(/(^ *`{3,}[\s\S]*?^ *`{3,} *$)/gm)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part.replace(/(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (_, picture, label, target) => {
            const link = siteLink(page, target)
            return link === undefined ? label : `${picture}[${label}](${link})`
          }),
    )
    .join("")
