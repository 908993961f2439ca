// The documentation and the package name the same things: exports, members, options, codes of errors, and commands.
import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { after, before, test } from "node:test"

import { optionsOf } from "../../pkg-template/cli/arguments.js"
import { commands } from "../../pkg-template/cli/commands/index.js"
import { readDeclaredExports, readDeclaredNames, readOptions } from "../packaging/soundness/names.mjs"
import { installPacked } from "../support/packed.mjs"
import { DECLARED } from "./examples.mjs"
import { listPages, readPage, root, spansOf } from "./pages.mjs"
import { platform } from "./platform.mjs"

const tools = join(root, "docs/node_modules")
const ts = createRequire(join(root, "docs/package.json"))("typescript")
const pages = listPages()
const everything = pages.map(({ blocks, prose }) => [prose, ...blocks.map(({ code }) => code)].join("\n")).join("\n")
const code = pages
  .flatMap((page) => [...page.blocks.map(({ code }) => code), ...spansOf(page).map(({ code }) => code)])
  .join("\n")
const isNamed = (name) => new RegExp(`(?<![\\w$])${name.replace(/[$*-]/g, "\\$&")}(?![\\w$])`).test(code)

let installed, packed
before(async () => {
  installed = await installPacked()
  packed = join(installed.folder, "node_modules/pusher-http-wasm")
})
after(() => installed.remove())

/** Returns all public names, by where they are. */
const readPublicNames = () => {
  const { members, options } = readDeclaredNames(tools, packed)
  const ofSubpaths = DECLARED.flatMap((types) => [
    [types, readDeclaredExports(tools, packed, types)],
    ...(types === "index" ? [] : Object.entries(readOptions(tools, packed, types))),
  ])
  return { ...members, ...options, ...Object.fromEntries(ofSubpaths) }
}

test("every export, member and option is in the documentation", () => {
  const own = new Set(["toJSON", "default"])
  const missing = Object.entries(readPublicNames()).flatMap(([place, names]) =>
    names.filter((name) => !own.has(name) && !isNamed(name)).map((name) => `${name} (${place})`),
  )
  assert.deepEqual(missing, [])
})

/** Reads the strings of a type in the declarations: the codes of errors, the reasons of webhooks. */
const readStrings = (pattern) => {
  const declarations = readFileSync(join(root, "pkg-template/types/index.d.ts"), "utf8")
  const [, list] = pattern.exec(declarations)
  return [...list.matchAll(/"([a-z_]+)"/g)].map(([, name]) => name)
}
const CODES = readStrings(/class PusherValidationError[\s\S]*?readonly code:\n([\s\S]*?)\n {4}\/\*\*/)
const REQUEST_CODES = readStrings(/class PusherRequestError[\s\S]*?readonly code: (.*)/)
const REASONS = [
  ...readStrings(/export type WebHookReason = (.*)/),
  ...readStrings(/export type WebHookRefusal = (.*)/),
]

test("every code of an error has its entry in the catalogue, and no other", () => {
  const { headings } = readPage("docs/errors.md")
  const entries = headings.filter((heading) => /^`[a-z_]+`$/.test(heading)).map((heading) => heading.slice(1, -1))
  // Of the base class and of webhooks, each by one code.
  const expected = [...CODES, ...REQUEST_CODES, "invalid_webhook", "freed"]
  assert.deepEqual([...entries].sort(), [...expected].sort())
  assert.deepEqual(entries, [...new Set(entries)])
})

test("every entry of the catalogue has a message, a cause and a cure", () => {
  const { text } = readPage("docs/errors.md")
  for (const [, name, body] of text.matchAll(/^### `([a-z_]+)`\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)) {
    for (const part of ["Message", "Cause", "Cure"])
      assert.match(body, new RegExp(`\\*\\*${part}:?\\*\\*`), `${name}: ${part}`)
  }
})

test("every reason of a webhook is in the documentation", () => {
  assert.deepEqual(
    REASONS.filter((reason) => !isNamed(reason)),
    [],
  )
})

test("messages in the catalogue are those of the package", () => {
  const sources = [...readSources("src", /\.rs$/), ...readSources("pkg-template", /\.js$/)].join("\n")
  const { text } = readPage("docs/errors.md")
  const messages = [...text.matchAll(/^\*\*Message\*\*: (.*)$/gm)].flatMap(([, line]) =>
    [...line.matchAll(/`([^`]+)`/g)].map(([, message]) => message),
  )
  assert.ok(messages.length > 20, String(messages.length))
  // What is given stands as “…” in the page, and as {} or ${} in the sources.
  const unknown = messages.filter((message) =>
    message.split("…").some((part) => part.length > 3 && !isInSources(sources, part.trim())),
  )
  assert.deepEqual(unknown, [])
})

/** Tells whether a part of a message is in the sources: as it is, or as what `mirroredMistake` puts between "Invalid" and what was given. */
const isInSources = (sources, part) => {
  const [, what] = /^Invalid ([a-z ]+): '$/.exec(part) ?? []
  return sources.includes(part) || (what !== undefined && sources.includes(`"${what}"`))
}

function readSources(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
}

test("every command and each of its options is on the command line's page", () => {
  const { text, headings } = readPage("docs/command-line.md")
  for (const command of commands) {
    assert.ok(headings.includes(`\`${command.name}\``), command.name)
    for (const { name } of optionsOf(command)) assert.ok(text.includes(`--${name}`), `${command.name} --${name}`)
  }
  const known = commands.map(({ name }) => `\`${name}\``)
  assert.deepEqual(
    headings.filter((heading) => /^`[a-z-]+`$/.test(heading) && !known.includes(heading)),
    [],
  )
})

test("commands in the documentation are commands of the package, with options they have", () => {
  const calls = [
    ...everything.matchAll(/(?:npx|bunx|npm:)? ?pusher-http-wasm ([a-z-]+)((?: +(?:'[^']*'|"[^"]*"|[^\s|#)`]+))*)/g),
  ]
    .filter(([whole, name]) => /npx|bunx/.test(whole) && name !== "")
    .map(([, name, rest]) => ({ name, rest }))
  assert.ok(calls.length > 15, String(calls.length))
  for (const { name, rest } of calls) {
    const command = commands.find((one) => one.name === name)
    assert.ok(command, name)
    const options = optionsOf(command).map((option) => `--${option.name}`)
    for (const [option] of rest.replace(/'[^']*'|"[^"]*"/g, "").matchAll(/--[a-z-]+/g))
      assert.ok(options.includes(option), `${name} ${option}`)
  }
})

test("nothing is named that does not exist", () => {
  const known = new Set([...platform, ...readIdentifiers(), ...CODES, "invalid_webhook", "freed"])
  const unknown = pages.flatMap((page) => {
    const own = new Set(page.blocks.flatMap(({ code }) => code.match(/[A-Za-z_$][\w$]*/g) ?? []))
    return spansOf(withoutOthers(page)).flatMap(({ code, line }) =>
      namesIn(code)
        .filter((name) => !known.has(name) && !own.has(name))
        .map((name) => `${page.path}:${line} ${name}`),
    )
  })
  assert.deepEqual(unknown, [])
})

/** Leaves out what belongs to other libraries: on the page for other languages, the left column of the tables. */
const withoutOthers = (page) => ({
  ...page,
  prose: page.path.endsWith("from-other-languages.md") ? page.prose.replace(/^\|[^|\n]*\|/gm, "|") : page.prose,
})

/** Returns the names in code of a page's text that look like those of an interface: camelCase, snake_case, or a call. */
const namesIn = (code) => {
  if (/^(https?:|[./~]|[A-Z_]+=|npx |npm |node |wrangler |cargo |make |openssl |deno |bun )/.test(code)) return []
  const names = code
    .replace(/"[^"]*"|'[^']*'|\/[\w/{}.-]+/g, "")
    .match(/[A-Za-z_$][\w$]*(?=\()|[a-z]+[A-Z]\w*|[a-z]+_[a-z_0-9]+|[A-Z][a-z]+[A-Z]\w*/g)
  return names ?? []
}

/** Returns every identifier and literal in the declarations. */
const readIdentifiers = () =>
  DECLARED.flatMap((types) => {
    const source = ts.createSourceFile(
      types,
      readFileSync(join(packed, `${types}.d.ts`), "utf8"),
      ts.ScriptTarget.ESNext,
    )
    const names = []
    const visit = (node) => {
      if (ts.isIdentifier(node)) names.push(node.text)
      if (ts.isStringLiteral(node)) names.push(node.text)
      ts.forEachChild(node, visit)
    }
    visit(source)
    return names
  })

test("the names that a host or another library has are used", () => {
  const unused = platform.filter((name) => !everything.includes(name))
  assert.deepEqual(unused, [])
})
