// Every program of the documentation: type-checked against the packed types, and run against the embedded server.
//
// A block's fence may name the file it is saved as (```js worker.js); blocks of a page that name one import each other. A block marked
// `static` needs a browser, a framework or another host, and is only type-checked.
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join, posix, relative } from "node:path"
import { after, before, describe, test } from "node:test"
import { promisify } from "node:util"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { installPacked } from "../support/packed.mjs"
import { DECLARED, examplesOf } from "./examples.mjs"
import { listPages, root } from "./pages.mjs"

const PROGRAMS = new Set(["js", "mjs", "cjs", "ts"])
const MASTER_KEY = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

const ts = createRequire(join(root, "docs/package.json"))("typescript")
const pages = listPages()
const programs = pages.flatMap(({ path, blocks }) => blocksOf(path, blocks))

/** Returns a page's programs, each with the file that it becomes in the project. */
function blocksOf(path, blocks) {
  const folder = path.replace(/\.md$/, "").replaceAll("/", "-")
  return blocks
    .filter(({ lang }) => PROGRAMS.has(lang))
    .map((block) => {
      const suffix = block.lang === "ts" ? "ts" : block.lang === "cjs" ? "cjs" : "js"
      const name = block.file?.includes(".") ? block.file : `line-${block.line}.${suffix}`
      return { ...block, page: path, folder, name }
    })
}

let installed, server
before(async () => {
  installed = await installPacked({ also: ["@types/node", "pusher-js", "ws"] })
  server = await startLocalChannels()
  writeProject(installed.folder)
})
after(async () => {
  await server.close()
  await installed.remove()
})

const writeProject = (folder) => {
  writeFileSync(
    join(folder, "library.mjs"),
    'export { Pusher } from "pusher-http-wasm"\nexport { Beams } from "pusher-http-wasm/beams"\nexport { fakeChannels } from "pusher-http-wasm/testing"\n',
  )
  for (const file of ["application.d.ts", "modules.d.ts"])
    copyFileSync(join(import.meta.dirname, file), join(folder, file))
  copyFileSync(join(import.meta.dirname, "application.mjs"), join(folder, "app.js"))
  copyFileSync(join(import.meta.dirname, "app.d.ts"), join(folder, "app.d.ts"))
  for (const { folder: page, name, code, lang } of programs) {
    const file = join(folder, page, name)
    mkdirSync(join(file, ".."), { recursive: true })
    // The recipes print one of their own.
    if (!programs.some((program) => program.folder === page && program.name === "app.js"))
      for (const app of ["app.js", "app.d.ts"]) copyFileSync(join(folder, app), join(folder, page, app))
    copyImported(folder, page, name, code)
    writeFileSync(file, code)
    if (lang === "ts") {
      const { outputText } = ts.transpileModule(code, { compilerOptions: { module: "esnext", target: "es2022" } })
      writeFileSync(`${file}.run.js`, outputText)
    }
  }
  for (const { file, code } of examplesOf(root)) {
    mkdirSync(join(folder, "examples"), { recursive: true })
    writeFileSync(join(folder, "examples", file), code)
  }
}

/** Copies the page's files that a program imports from a folder for which the page has no file of that name: the recipes share one. */
const copyImported = (folder, page, name, code) => {
  for (const [, specifier] of code.matchAll(/from "(\.\.?\/[^"]+)"/g)) {
    const wanted = posix.join(posix.dirname(name), specifier)
    const own = programs.filter((program) => program.folder === page)
    if (own.some((program) => program.name === wanted)) continue
    const shared = own.find((program) => program.name === posix.basename(wanted))
    const target = join(folder, page, wanted)
    mkdirSync(join(target, ".."), { recursive: true })
    if (shared) {
      writeFileSync(target, shared.code)
      copyImported(folder, page, wanted, shared.code)
    } else if (posix.basename(wanted) === "app.js") {
      for (const app of ["app.js", "app.d.ts"]) copyFileSync(join(folder, app), join(target, "..", app))
    }
  }
}

const OPTIONS = {
  allowJs: true,
  checkJs: true,
  maxNodeModuleJsDepth: 0,
  // As in a bundler: pages import pusher-js, whose types are wrong for Node's own resolution.
  module: "esnext",
  moduleDetection: "force",
  moduleResolution: "bundler",
  noEmit: true,
  // JavaScript has no types of parameters to write down.
  noImplicitAny: false,
  skipLibCheck: true,
  strict: true,
  target: "es2022",
  lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
  types: ["node"],
}

/** Compiles files of the project. Returns what is wrong, by file. */
const compile = (files) => {
  const { folder } = installed
  const { options } = ts.convertCompilerOptionsFromJson(OPTIONS, folder)
  const host = ts.createCompilerHost(options)
  host.getCurrentDirectory = () => folder
  const shared = ["application.d.ts", "modules.d.ts"].map((file) => join(folder, file))
  const program = ts.createProgram([...shared, ...files.map((file) => join(folder, file))], options, host)
  const found = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => ({
    file: file ? relative(folder, file.fileName) : "",
    line: file ? ts.getLineAndCharacterOfPosition(file, start).line : 0,
    text: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }))
  return Map.groupBy?.(found, ({ file }) => file) ?? groupBy(found)
}

const groupBy = (found) => {
  const groups = new Map()
  for (const one of found) groups.set(one.file, [...(groups.get(one.file) ?? []), one])
  return groups
}

describe("the pages' programs", () => {
  let mistakes
  before(() => {
    mistakes = compile(programs.map(({ folder, name }) => `${folder}/${name}`))
  })

  test("are many, and most of them run", () => {
    const run = programs.filter(({ isStatic }) => !isStatic)
    assert.ok(programs.length > 60, String(programs.length))
    assert.ok(run.length > programs.length * 0.6, `${run.length} of ${programs.length}`)
  })

  test("run unless they need a page, another host, or a package that is not installed here", () => {
    const needed =
      /from "(pusher-js|pusher-js\/.*|cloudflare:workers|npm:.*|node:https|h3|hono|express|fastify|koa|@koa\/router|@nestjs\/core|https-proxy-agent|undici|\$env\/.*|astro:.*|@react-router\/.*|vitest|@cloudflare\/vitest-pool-workers|@jest\/globals)"|require\("@jest\/globals"\)|from "\.\.\/env\.js"|\b(Deno|Bun)\./
    const others = programs.filter(({ isStatic, code }) => isStatic && !needed.test(code))
    assert.deepEqual(
      others.map(({ page, line }) => `${page}:${line}`),
      [],
    )
  })

  // The site and GitHub do not show what stands after a fence.
  test("are named in the text before them if they belong into a folder", () => {
    const unnamed = programs.filter(({ page, name, line }) => {
      if (!name.includes("/")) return false
      const { text } = pages.find(({ path }) => path === page)
      const [before] = text
        .split("\n")
        .slice(0, line - 2)
        .join("\n")
        .split("\n```")
        .slice(-1)
      return !before.includes(`${posix.basename(name)}\``)
    })
    assert.deepEqual(
      unnamed.map(({ page, line, name }) => `${page}:${line} ${name}`),
      [],
    )
  })

  test("have no mistakes outside themselves", () => {
    const own = new Set(programs.map(({ folder, name }) => `${folder}/${name}`))
    assert.deepEqual(
      [...mistakes].filter(([file]) => !own.has(file)),
      [],
    )
  })

  for (const { page, line, folder, name } of programs) {
    test(`${page}:${line} has the right types`, () => {
      const own = mistakes.get(`${folder}/${name}`) ?? []
      assert.deepEqual(
        own.map((mistake) => `line ${line + mistake.line}: ${mistake.text}`),
        [],
      )
    })
  }

  for (const page of pages) {
    const runnable = blocksOf(page.path, page.blocks).filter(({ isStatic }) => !isStatic)
    if (runnable.length === 0) continue
    test(`${page.path}: ${runnable.length} programs run, and the server takes what they send`, async () => {
      const sent = server.requests.length
      const { id, key, secret } = server.apps[0]
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          join(import.meta.dirname, "run-page.mjs"),
          join(installed.folder, runnable[0].folder, ".."),
          ...runnable.map(({ folder, name, lang }) => `${folder}/${name}${lang === "ts" ? ".run.js" : ""}`),
        ],
        {
          cwd: installed.folder,
          env: {
            PATH: process.env.PATH,
            PUSHER_URL: `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`,
            OLD_PUSHER_URL: `http://old-key:old-secret@${server.host}:${server.port}/apps/${id}`,
            PUSHER_ENCRYPTION_MASTER_KEY_BASE64: MASTER_KEY,
          },
          timeout: 60_000,
        },
      )
      const results = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
      assert.equal(results.length, runnable.length)
      const failed = results.flatMap(({ error }, at) => (error ? [`${page.path}:${runnable[at].line} ${error}`] : []))
      assert.deepEqual(failed, [])
      const refused = server.requests.slice(sent).filter(({ response }) => response?.status !== 200)
      assert.deepEqual(
        refused.map(({ path, response }) => `${path} ${response?.status} ${response?.body}`),
        [],
      )
    })
  }
})

describe("the examples in the declarations", () => {
  const examples = examplesOf(root)
  let mistakes
  before(() => {
    mistakes = compile(examples.map(({ file }) => `examples/${file}`))
  })
  test("are many", () => assert.ok(examples.length >= 104, String(examples.length)))
  for (const { file, name, at } of examples) {
    test(`${name} has the right types`, () => {
      const own = mistakes.get(`examples/${file}`) ?? []
      assert.deepEqual(
        own.map(({ line, text }) => `${name}, line ${line - at + 1}: ${text}`),
        [],
      )
    })
  }
  test("are of the declarations of every subpath", () => {
    assert.deepEqual(
      DECLARED.filter((types) => !examples.some(({ name }) => name.startsWith(`${types}.d.ts:`))),
      [],
    )
  })
})

for (const { path, blocks } of pages) {
  for (const { lang, code, line } of blocks.filter(({ lang }) => lang === "json" || lang === "jsonc")) {
    test(`${path}:${line} is ${lang}`, () => {
      const { error } = ts.parseConfigFileTextToJson(`block.${lang}`, code)
      assert.equal(error && ts.flattenDiagnosticMessageText(error.messageText, "\n"), undefined)
      if (lang === "json") JSON.parse(code)
    })
  }
}

test("every block says what language it is in", () => {
  const languages = new Set([
    "js",
    "mjs",
    "cjs",
    "ts",
    "json",
    "jsonc",
    "sh",
    "rust",
    "toml",
    "html",
    "text",
    "env",
    "python",
    "yaml",
  ])
  const others = pages.flatMap(({ path, blocks }) =>
    blocks.filter(({ lang }) => !languages.has(lang)).map(({ lang, line }) => `${path}:${line} ${lang}`),
  )
  assert.deepEqual(others, [])
})

test("the application that the programs use is declared as it is", async () => {
  const declared = readFileSync(join(import.meta.dirname, "application.d.ts"), "utf8")
  const app = await import("./application.mjs")
  for (const name of ["findUser", "save", "show", "readEvents", "userIds", "roomNames"]) {
    assert.match(declared, new RegExp(`(const|function) ${name}\\b`))
    assert.notEqual(app[name], undefined)
  }
})
