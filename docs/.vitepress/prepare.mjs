// Gathers the site's pages in docs/.vitepress/pages: those of docs/, and pages made of other files of the repository.
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, extname, join, relative, sep } from "node:path"

import { describeForModels, everythingForModels } from "./llms.mjs"
import { sidebarPages } from "./sidebar.mjs"
import { OTHER_PAGES, PICTURES, rewriteLinks } from "./site-links.mjs"

const here = import.meta.dirname
export const root = join(here, "../..")
export const pages = join(here, "pages")
const types = join(root, "pkg-template/types")

/** The subpaths, each with the name of its declarations. */
const SUBPATHS = ["index", "handlers", "node", "beams", "chunks", "testing"]

const write = (path, text) => {
  const file = join(pages, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
const read = (path) => readFileSync(join(root, path), "utf8")

/** Gathers all pages. */
export const prepare = () => {
  rmSync(pages, { recursive: true, force: true })
  for (const page of sidebarPages) write(`${page}.md`, rewriteLinks(`docs/${page}.md`, read(`docs/${page}.md`)))
  for (const [file, page] of Object.entries(OTHER_PAGES)) {
    if (existsSync(join(root, file))) write(`${page}.md`, rewriteLinks(file, read(file)))
  }
  writeExamples()
  writeReference()
  for (const picture of PICTURES)
    cpSync(join(root, picture), join(pages, "public", basename(picture)), { recursive: true })
  write("public/llms.txt", describeForModels())
  write("public/llms-full.txt", everythingForModels())
}

const LANGUAGES = { ".mjs": "js", ".cjs": "js", ".rs": "rust", ".jsonc": "jsonc", ".toml": "toml" }

/** The names of the examples. */
export const listExamples = () =>
  readdirSync(join(root, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

/** Writes a page for each example: what its README says, and its files. */
const writeExamples = () => {
  for (const name of listExamples()) {
    const folder = join(root, "examples", name)
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter(
        (file) =>
          !/(^|\/)(node_modules|target|\.wrangler)\/|(^|\/)(README\.md|package-lock\.json|Cargo\.lock)$/.test(file),
      )
      .sort()
    const readme =
      files.length > 0 && existsSync(join(folder, "README.md"))
        ? read(`examples/${name}/README.md`)
        : `# ${titleOf(name)}\n`
    const code = files.map((file) => {
      const suffix = extname(file)
      const text = readFileSync(join(folder, file), "utf8").trimEnd()
      return `### ${file}\n\n\`\`\`\`${LANGUAGES[suffix] ?? suffix.slice(1)}\n${text}\n\`\`\`\`\n`
    })
    write(
      `examples/${name}.md`,
      `${rewriteLinks(`examples/${name}/README.md`, readme).trimEnd()}\n\n## Files\n\n${code.join("\n")}`,
    )
  }
  const list = listExamples().map((name) => `- [${titleOf(name)}](/examples/${name})`)
  write("examples/index.md", `# Examples\n\nFolders to copy. The tests run each.\n\n${list.join("\n")}\n`)
}

/** Titles of examples that have no README. */
const TITLES = {
  bun: "One event from Bun",
  deno: "One event from Deno",
  node: "One event from Node",
  rust: "A signed request in Rust",
}

/** Returns the title of an example: the heading of its README, if it has one. */
export const titleOf = (name) => {
  const readme = join(root, "examples", name, "README.md")
  if (!existsSync(readme)) return TITLES[name] ?? name
  return /^# (.*)$/m.exec(readFileSync(readme, "utf8"))[1].replaceAll("`", "")
}

/** Writes the reference, made of the declarations by typedoc: a page for each thing. */
const writeReference = () => {
  const config = join(pages, "tsconfig.json")
  const paths = { "pusher-http-wasm": [join(types, "index.d.ts")], "pusher-http-wasm/*": [join(types, "*.d.ts")] }
  writeFileSync(
    config,
    JSON.stringify({
      compilerOptions: {
        strict: true,
        target: "esnext",
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["esnext", "dom"],
        types: [],
        noEmit: true,
        paths,
      },
      include: [join(types, "*.d.ts")],
    }),
  )
  const options = {
    plugin: "typedoc-plugin-markdown",
    tsconfig: config,
    out: join(pages, "api"),
    readme: "none",
    outputFileStrategy: "members",
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    disableSources: true,
    logLevel: "Error",
    // What a declaration does not export is shown where it is used.
    "validation.notExported": false,
  }
  execFileSync(
    process.execPath,
    [
      join(here, "../node_modules/typedoc/bin/typedoc"),
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...SUBPATHS.map((name) => join(types, `${name}.d.ts`)),
    ],
    { cwd: join(here, ".."), stdio: "inherit" },
  )
  rmSync(config)
  for (const name of SUBPATHS) {
    const file = join(pages, "api", name, "index.md")
    const title = name === "index" ? "pusher-http-wasm" : `pusher-http-wasm/${name}`
    writeFileSync(file, readFileSync(file, "utf8").replace(/^# .*$/m, `# ${title}`))
  }
  write(
    "api/index.md",
    `# Reference\n\nEverything that the package exports, made of its declarations.\n\n${SUBPATHS.map((name) => `- [\`pusher-http-wasm${name === "index" ? "" : `/${name}`}\`](/api/${name}/)`).join("\n")}\n`,
  )
}

if (process.argv[1] === import.meta.filename) prepare()
