// The packed package: it is complete, holds nothing else, and every tool resolves it.
import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { after, before, describe, test } from "node:test"
import { pathToFileURL } from "node:url"
import { brotliCompressSync, gzipSync } from "node:zlib"

import { exportsMap, files, others, sideEffects, subpaths } from "../../pkg-template/entries/entries.mjs"
import { esbuild } from "../../tools/packages.mjs"
import { bin as runtime } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { readDeclaredExports, readDeclaredNames, readRuntimeNames } from "./soundness/names.mjs"
import { installTools } from "./tools.mjs"

const root = resolve(import.meta.dirname, "../..")
let installed, tools, packed, read
before(async () => {
  installed = await installPacked()
  tools = await installTools("soundness")
  packed = join(installed.folder, "node_modules/pusher-http-wasm")
  read = (file) => readFileSync(join(packed, file))
})
after(() => installed?.remove())

const run = (command, args, cwd = installed.folder) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  })
  if (error) throw error
  return { status, output: stdout + stderr, stdout }
}
const runTool = (name, ...args) => run(join(tools, ".bin", name), args)

const expected = [...files.map(({ file }) => file), ...others].sort()

describe("the packed package", () => {
  test("holds these files and no others", (t) => {
    const files = readdirSync(packed, { recursive: true }).map(String).sort()
    assert.deepEqual(files, expected)
    const sizes = files.map((file) => {
      const content = read(file)
      return `${file}: ${content.length} bytes, gzip ${gzipSync(content, { level: 9 }).length}, brotli ${brotliCompressSync(content).length}`
    })
    for (const line of [`tarball: ${statSync(installed.tarball).size} bytes`, ...sizes]) t.diagnostic(line)
  })

  test("holds no links, and no executable file but its program, which npm makes one", () => {
    for (const file of expected)
      assert.equal((statSync(join(packed, file)).mode & 0o111) !== 0, file === "cli.js", file)
    assert.ok(readdirSync(packed, { withFileTypes: true }).every((entry) => entry.isFile()))
  })

  test("has no dependencies but an optional one for tests, and runs nothing when it is installed", () => {
    const manifest = JSON.parse(read("package.json"))
    const names = Object.keys(manifest).filter((name) => /dependencies|scripts|^gypfile$|^private$/i.test(name))
    assert.deepEqual(names, ["peerDependencies", "peerDependenciesMeta"])
    assert.deepEqual(Object.keys(manifest.peerDependencies), ["ws"])
    assert.deepEqual(manifest.peerDependenciesMeta, { ws: { optional: true } })
  })

  test("has one program, which shares the main entry and loads nothing else but what Node has", () => {
    assert.equal(JSON.parse(read("package.json")).bin, "./cli.js")
    const code = read("cli.js").toString()
    assert.ok(code.startsWith("#!/usr/bin/env node\n"))
    assert.doesNotMatch(code, /WebAssembly/)
    const loaded = [...code.matchAll(/\b(?:from|import) ?\(?"([^"]*)"/g)].map(([, name]) => name)
    const other = loaded.filter((name) => !name.startsWith("node:"))
    assert.deepEqual([...new Set(other)].sort(), [
      "pusher-http-wasm",
      "pusher-http-wasm/handlers",
      "pusher-http-wasm/node",
      "pusher-http-wasm/testing",
    ])
    const { status, output } = run(join(packed, "../.bin/pusher-http-wasm"), ["--help"])
    assert.equal(status, 0, output)
    assert.match(output, /^Usage: pusher-http-wasm COMMAND/)
  })

  test("holds no path of the machine that built it, and no registry", () => {
    const { stdout: sysroot } = run("rustc", ["--print", "sysroot"])
    const own = [root, homedir(), process.env.CARGO_HOME ?? join(homedir(), ".cargo"), sysroot.trim()].filter(
      (path) => path.length > 1,
    )
    const anywhere = [
      /\/(root|home|Users|work|tmp|private|mnt|opt|builds?|github|runner|var|usr)\/[\w.-]/,
      /[A-Z]:\\/,
      /\.cargo|\.rustup|registry\/src|crates\.io|rustc\/[0-9a-f]{40}|lib\/rustlib/,
      /registry\.npmjs|registry\.yarnpkg|node_modules\//,
      /sourceMappingURL/,
    ]
    // Documents may name such paths.
    for (const file of expected.filter((file) => !file.endsWith(".md"))) {
      // What a program begins with is the same on every machine.
      const content = read(file).toString("latin1").replace("#!/usr/bin/env node\n", "")
      for (const path of own) assert.ok(!content.includes(path), `${file} holds ${path}`)
      // The text of a licence may name a file of its crate.
      const patterns = file.endsWith(".txt") ? anywhere : [...anywhere, /\w\.rs\b/]
      for (const pattern of patterns) assert.doesNotMatch(content, pattern, `${file}: ${pattern.exec(content)?.[0]}`)
    }
  })

  test("names none of Node's globals alone: of a free `Buffer` or `process`, bundlers make a polyfill", () => {
    // esbuild replaces a name only where it is free.
    const names = ["Buffer", "process", "setImmediate", "require", "__dirname", "__filename"]
    const define = Object.fromEntries(names.map((name) => [name, `free_${name}`]))
    const findFree = (code) => esbuild.transformSync(code, { define }).code.match(/\bfree_\w+/g) ?? []
    assert.deepEqual(findFree("globalThis.Buffer; Buffer.concat([]); ({ process } = {})"), [
      "free_Buffer",
      "free_process",
    ])
    for (const { file } of files.filter(({ format }) => format !== "cjs"))
      assert.deepEqual(findFree(read(file)), [], file)
  })

  test("embeds the same module in the entries that hold it as text", async () => {
    const compiled = []
    const { Module } = WebAssembly
    WebAssembly.Module = class extends Module {
      constructor(bytes) {
        super(bytes)
        compiled.push(Buffer.from(bytes))
      }
    }
    for (const entry of ["index.js", "index.cjs"]) {
      await import(pathToFileURL(join(packed, entry)))
      // Where the first file leaves its class for the second.
      delete globalThis[Symbol.for(`pusher-http-wasm ${JSON.parse(read("package.json")).version}`)]
    }
    WebAssembly.Module = Module
    assert.equal(compiled.length, 2)
    for (const bytes of compiled) assert.ok(bytes.equals(read("pusher.wasm")))
  })
})

describe("one class for `import` and `require`", () => {
  const check = `
    for (const name of [
      "Pusher", "Token", "WebHook", "PusherError", "PusherRequestError", "PusherValidationError", "PusherWebHookError",
    ]) if (imported[name] !== required[name] || typeof imported[name] !== "function") throw new Error(name)
    if (imported.default !== required || !(new required({}) instanceof imported.Pusher)) throw new Error("the class")`
  const loaded = {
    "imported first": `
      import { createRequire } from "node:module"
      import * as imported from "pusher-http-wasm"
      const required = createRequire(import.meta.url)("pusher-http-wasm")`,
    "required first": `
      import { createRequire } from "node:module"
      const required = createRequire(import.meta.url)("pusher-http-wasm")
      const imported = await import("pusher-http-wasm")`,
  }
  const bundled = {
    "imported first": `
      import * as imported from "./node_modules/pusher-http-wasm/index.js"
      import required from "./node_modules/pusher-http-wasm/index.cjs"`,
    "required first": `
      import required from "./node_modules/pusher-http-wasm/index.cjs"
      import * as imported from "./node_modules/pusher-http-wasm/index.js"`,
  }
  const file = () => join(installed.folder, "both.mjs")
  const assertRuns = (command, ...args) => {
    const { status, output } = run(command, [...args, file()])
    assert.equal(status, 0, output)
  }
  for (const order of Object.keys(loaded)) {
    const hosts = {
      Node: () => assertRuns(process.execPath),
      Deno: () => assertRuns(runtime("deno"), "run", "--quiet", "--no-prompt", "--node-modules-dir=manual"),
      Bun: () => assertRuns(runtime("bun")),
    }
    for (const [host, start] of Object.entries(hosts)) {
      test(`in ${host}, ${order}`, () => {
        writeFileSync(file(), loaded[order] + check)
        start()
      })
    }

    test(`in a bundle that holds both files, ${order}`, () => {
      esbuild.buildSync({
        stdin: { contents: bundled[order] + check, resolveDir: installed.folder },
        outfile: file(),
        bundle: true,
        format: "esm",
        logLevel: "error",
      })
      assertRuns(process.execPath)
    })
  }

  test("adds nothing to the global object that its keys show, and needs to add nothing", () => {
    for (const prepare of ["", "Object.preventExtensions(globalThis)"]) {
      writeFileSync(
        file(),
        `const keys = Object.keys(globalThis)
        ${prepare}
        const { default: Pusher } = await import("pusher-http-wasm")
        if (Object.keys(globalThis).join() !== keys.join()) throw new Error(Object.keys(globalThis).join())
        new Pusher({ appId: "1", key: "key", secret: "secret" }).authorizeChannel("1.1", "private-a")`,
      )
      assertRuns(process.execPath)
    }
  })
})

test("gives one file to all who import, whatever their conditions: what a tracer finds is what the host loads", () => {
  const { exports } = JSON.parse(read("package.json"))
  const resolve = (conditions, target) => {
    if (typeof target === "string") return target
    const key = Object.keys(target).find((key) => key === "default" || conditions.includes(key))
    return resolve(conditions, target[key])
  }
  const tools = {
    Node: ["node", "import", "node-addons", "module-sync"],
    "Node before 20.19": ["node", "import", "node-addons"],
    Deno: ["deno", "node", "import", "module-sync"],
    Bun: ["bun", "node", "import"],
    "esbuild, webpack, Vite": ["node", "import", "module", "production"],
    "a browser's bundler": ["browser", "import", "module"],
    "Nitro for Node": ["production", "node", "wasm", "unwasm", "import", "module"],
    "Nitro for Bun": ["production", "bun", "worker", "node", "import", "module"],
    "Next's tracer": ["node", "import"],
  }
  for (const { subpath, types } of subpaths) {
    for (const [tool, conditions] of Object.entries(tools))
      assert.equal(resolve(conditions, exports[subpath]), `./${types}.js`, `${subpath}, ${tool}`)
  }
})

describe("the subpath /chunks", () => {
  test("loads nothing else: no module, no other file of the package", () => {
    for (const file of ["chunks.js", "chunks.cjs"])
      assert.doesNotMatch(read(file).toString(), /\bimport\b|\brequire\(|WebAssembly/, file)
  })

  test("has no syntax newer than ES2020, so that old bundlers take it, nor any member that came later", () => {
    const print = (code, target) => esbuild.transformSync(code, { target, legalComments: "none" }).code
    assert.notEqual(print("a ||= b", "es2020"), print("a ||= b", "esnext"))
    for (const file of ["chunks.js", "chunks.cjs"]) {
      const code = read(file).toString()
      assert.equal(print(code, "es2020"), print(code, "esnext"), file)
      assert.doesNotMatch(
        code,
        /\.(at|hasOwn|replaceAll|findLast|toSorted|any|allSettled)\(|structuredClone|TextEncoder/,
        file,
      )
    }
  })

  test("works where there is no WebAssembly, by `import` and by `require`", () => {
    const file = join(installed.folder, "chunks.mjs")
    writeFileSync(
      file,
      `import { createRequire } from "node:module"
      delete globalThis.WebAssembly
      const imported = await import("pusher-http-wasm/chunks")
      const required = createRequire(import.meta.url)("pusher-http-wasm/chunks")
      for (const { bindChunked } of [imported, required]) {
        const bound = {}
        const bind = (name, callback) => {
          bound[name] = callback
        }
        bindChunked({ bind, unbind() {} }, "event", (data) => console.log(data))
        bound["chunked-event"]({ id: "a", index: 1, chunk: "right", final: true })
        bound["chunked-event"]({ id: "a", index: 0, chunk: "all " })
      }`,
    )
    const { status, output } = run(process.execPath, [file])
    assert.deepEqual({ status, output }, { status: 0, output: "all right\nall right\n" })
  })
})

describe("the subpath /testing", () => {
  test("is the other side: it loads nothing of the package, and names no module of Node's for a bundler to look for", () => {
    for (const file of ["testing.js", "testing.cjs"]) {
      // Comments name types by their place.
      const code = read(file)
        .toString()
        .replace(/\/\*\*[\s\S]*?\*\//g, "")
      assert.doesNotMatch(code, /\b(?:from|import) ?"|\b(?:import|require)\("|WebAssembly/, file)
    }
  })

  test("is bundled for a Worker and for a browser without a warning", () => {
    for (const platform of ["neutral", "browser"]) {
      const { warnings } = esbuild.buildSync({
        stdin: { contents: 'export * from "pusher-http-wasm/testing"', resolveDir: installed.folder },
        bundle: true,
        write: false,
        platform,
        format: "esm",
        logLevel: "silent",
      })
      assert.deepEqual(warnings, [], platform)
    }
  })

  const start = `
    const { port, url, close } = await startLocalChannels()
    console.log((await fetch(url)).status)
    const socket = new WebSocket("ws://127.0.0.1:" + port + "/app/app-key?protocol=7")
    const { data } = await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }))
    console.log(JSON.parse(data).event)
    await close()`
  const programs = {
    imported: `import { startLocalChannels } from "pusher-http-wasm/testing"${start}`,
    required: `import { createRequire } from "node:module"
      const { startLocalChannels } = createRequire(import.meta.url)("pusher-http-wasm/testing")${start}`,
  }
  const hosts = {
    Node: [process.execPath, "--experimental-websocket"],
    Deno: [
      runtime("deno"),
      "run",
      "--quiet",
      "--no-prompt",
      "--node-modules-dir=manual",
      "--allow-net",
      "--allow-env",
      "--allow-read",
    ],
    Bun: [runtime("bun")],
  }
  for (const [host, [command, ...args]] of Object.entries(hosts)) {
    for (const [way, program] of Object.entries(programs)) {
      test(`starts the embedded server on ${host}, ${way}`, () => {
        const ws = join(installed.folder, "node_modules/ws")
        const file = join(installed.folder, "embedded.mjs")
        writeFileSync(file, program)
        rmSync(ws, { recursive: true, force: true })
        if (host !== "Bun") {
          // Bun has its own.
          const missing = run(command, [...args, file])
          assert.notEqual(missing.status, 0)
          assert.match(
            missing.output,
            /A local Channels server needs the package ws for its WebSockets: npm install --save-dev ws/,
          )
          cpSync(join(root, "js-tests/node_modules/ws"), ws, { recursive: true, dereference: true })
        }
        const { status, output } = run(command, [...args, file])
        assert.deepEqual({ status, output }, { status: 0, output: "404\npusher:connection_established\n" })
      })
    }
  }
})

describe("subpaths that need the main entry", () => {
  const names = ["handlers", "node", "beams"]

  for (const name of names) {
    test(`load nothing but that, neither a module nor what other hosts' bundlers would look for: /${name}`, () => {
      for (const [file, expected] of [
        [`${name}.js`, /^from "pusher-http-wasm"$/],
        [`${name}.cjs`, /^require\("pusher-http-wasm"\)$/],
      ]) {
        const code = read(file).toString()
        const loaded = code.match(/\b(?:from|import) ?"[^"]*"|\b(?:import|require)\([^)]*\)/g)
        assert.ok(loaded.length > 0, file)
        for (const one of loaded) assert.match(one, expected, file)
        assert.doesNotMatch(code, /WebAssembly/, file)
      }
    })
  }

  test("throw its errors, by `import` and by `require`, and instantiate one module together", () => {
    const file = join(installed.folder, "subpaths.mjs")
    const mistakes = {
      handlers: "({ channelAuthHandler }) => channelAuthHandler()",
      node: "({ nodeHandler }) => nodeHandler()",
      beams: "({ Beams }) => new Beams()",
    }
    const calls = names.map((name) => `[${JSON.stringify(name)}, ${mistakes[name]}]`)
    writeFileSync(
      file,
      `import { createRequire } from "node:module"
      let count = 0
      const { Instance } = WebAssembly
      WebAssembly.Instance = class extends Instance {
        constructor(...args) {
          super(...args)
          count++
        }
      }
      const require = createRequire(import.meta.url)
      const { PusherValidationError } = await import("pusher-http-wasm")
      for (const [name, mistake] of [${calls}]) {
        for (const subpath of [await import("pusher-http-wasm/" + name), require("pusher-http-wasm/" + name)]) {
          try {
            mistake(subpath)
          } catch (error) {
            console.log(error instanceof PusherValidationError)
          }
        }
      }
      console.log(count)`,
    )
    const { status, output } = run(process.execPath, [file])
    assert.deepEqual({ status, output }, { status: 0, output: `${"true\n".repeat(2 * names.length)}1\n` })
  })
})

test("allows no Node older than the oldest that is tested", () => {
  const { engines } = JSON.parse(read("package.json"))
  const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "runtimes/package.json"), "utf8"))
  // `agent` needs `process.getBuiltinModule`, which came with 20.16 and 22.3.
  assert.equal(engines.node, `^${devDependencies.node20.replace("npm:node@", "")} || >=22.3.0`)
})

test("packages a crate of its sources and nothing else", () => {
  const { status, stdout, output } = run("cargo", ["package", "--list", "--locked", "--offline", "--allow-dirty"], root)
  assert.equal(status, 0, output)
  const own =
    /^(\.cargo_vcs_info\.json|Cargo\.(lock|toml|toml\.orig)|(README|CHANGELOG|DESIGN)\.md|LICENSE|docs\/rust\.md|(src|examples\/rust)\/.*)$/
  assert.deepEqual(
    stdout
      .trim()
      .split("\n")
      .filter((file) => !own.test(file)),
    [],
  )
})

test("makes the exports of package.json from the list of entries", () => {
  const manifest = JSON.parse(read("package.json"))
  assert.deepEqual(
    { exports: manifest.exports, sideEffects: manifest.sideEffects },
    { exports: exportsMap(), sideEffects: sideEffects() },
  )
  // Keys are subpaths, not files.
  const named = JSON.stringify({ ...manifest, exports: Object.values(manifest.exports) }).match(/\.\/[\w./]+/g)
  assert.deepEqual(
    [...new Set(named)].filter((file) => !expected.includes(file.slice(2))),
    [],
  )
})

describe("tools that check packages", () => {
  test("publint reports nothing", () => {
    const { status, output } = runTool("publint", "run", installed.tarball, "--strict")
    assert.equal(status, 0, output)
    assert.match(output, /All good!/)
    assert.doesNotMatch(output, /Suggestions|Warnings|Errors/)
  })

  test("attw finds the types under every kind of resolution, even node10", () => {
    const { status, stdout, output } = runTool("attw", installed.tarball, "--profile", "strict", "--format", "json")
    assert.equal(status, 0, output)
    const { analysis, problems = {} } = JSON.parse(stdout)
    assert.deepEqual(problems, {})
    assert.deepEqual(analysis.problems, [])
    for (const { subpath, types } of subpaths) {
      const { resolutions } = analysis.entrypoints[subpath]
      const found = Object.entries(resolutions).map(([kind, { resolution }]) => [
        kind,
        resolution?.fileName.split("/").at(-1),
      ])
      assert.deepEqual(Object.fromEntries(found), {
        // By `types` of package.json, or by the subpath's name.
        node10: subpath === "." ? "index.d.cts" : `${types}.d.ts`,
        "node16-cjs": `${types}.d.cts`,
        "node16-esm": `${types}.d.ts`,
        bundler: `${types}.d.ts`,
      })
    }
  })
})

describe("public names", () => {
  test("are the same however it is imported", () => {
    for (const { subpath, types, routes } of subpaths) {
      const declared = readDeclaredExports(tools, packed, types)
      const imported = routes.map(({ file }) => file).filter((file) => file.endsWith(".js"))
      assert.ok(imported.length > 0, subpath)
      for (const file of imported) assert.deepEqual(readExports(file), declared, file)
    }
  })

  for (const entry of ["index.js", "index.cjs"]) {
    test(`are the same in the classes of ${entry} and in their types`, async () => {
      const declared = readDeclaredNames(tools, packed).members
      for (const [place, names] of Object.entries(await readRuntimeNames(packed, entry)))
        assert.deepEqual(names, declared[place], place)
    })
  }
})

/** Reads the names that a module of the package exports, also those re-exported from its siblings. */
function readExports(file) {
  const code = read(file).toString()
  const lists = [...code.matchAll(/^export(?: const)? \{([^}]*)\}/gm)].flatMap(([, list]) => list.split(","))
  const names = lists
    .map((item) =>
      item
        .trim()
        .split(/\s+as\s+/)
        .at(-1),
    )
    .filter((name) => name !== "")
  const stars = [...code.matchAll(/^export \* from "(.*)"/gm)].flatMap(([, from]) =>
    readExports(join(dirname(file), from)),
  )
  return [...new Set([...names, ...stars])].sort()
}
