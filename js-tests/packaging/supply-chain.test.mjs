// What the package is made of, as far as that can be checked quickly and without the network: `make audit` asks the databases.
import assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { basename, dirname, join, resolve } from "node:path"
import { after, before, describe, test } from "node:test"

import { files } from "../../pkg-template/entries/entries.mjs"
import { rustLibrary } from "../../tools/crates.mjs"
import { chooseLicences } from "../../tools/licences.mjs"
import { esbuild } from "../../tools/packages.mjs"
import { makeSbom } from "../../tools/sbom.mjs"
import { readModule } from "../../tools/wasm-functions.mjs"
import { installPacked } from "../support/packed.mjs"
import { installTools } from "./tools.mjs"

const root = resolve(import.meta.dirname, "../..")
const readText = (...path) => readFileSync(join(root, ...path), "utf8")
const output = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 })

/** Lists git's files; in a copy without git, all that no command has made. */
const listAllFiles = () => {
  try {
    return output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
  } catch {
    const all = readdirSync(root, { recursive: true }).map((file) => String(file).replaceAll("\\", "/"))
    return all.filter((file) => !/(^|\/)(node_modules|target|pkg|\.git)(\/|$)/.test(file))
  }
}
const tracked = listAllFiles()
const listFiles = (pattern) => tracked.filter((file) => pattern.test(file) && existsSync(join(root, file)))
const cargoLocks = listFiles(/(^|\/)Cargo\.lock$/)
const npmLocks = listFiles(/(^|\/)package-lock\.json$/)

let tools, load, workspace
before(async () => {
  tools = dirname(await installTools("supply-chain"))
  load = createRequire(join(tools, "package.json"))
  workspace = mkdtempSync(join(tmpdir(), "pusher-http-wasm-supply-"))
})
after(() => rmSync(workspace, { recursive: true, force: true }))

/** Asks cargo what it compiles into the module, as `name version`. */
const listCompiled = () => {
  const edges = ["--edges", "normal,no-proc-macro", "--prefix", "none", "--no-dedupe"]
  const tree = output("cargo", "tree", "--locked", "--features", "npm", "--target", "wasm32-unknown-unknown", ...edges)
  const names = Array.from(tree.matchAll(/^(\S+) v(\S+)/gm), ([, name, version]) => `${name} ${version}`)
  return [...new Set(names)].filter((name) => !name.startsWith("pusher-http-wasm ")).sort()
}

/** Reads the licence file's list: what is named, under which expression, and what is taken of that. */
const readLicences = () => {
  const [list, ...texts] = readText("pkg/THIRD-PARTY-LICENSES.txt").split(/^={80}\n(.+)\n={80}\n/m)
  const entries = Array.from(list.matchAll(/^(\S.*)\n {2}(\S.*); under (.+)\n/gm), ([, title, expression, under]) => ({
    title,
    expression,
    under: under.split(" and "),
  }))
  return { entries, texts: new Map(texts.flatMap((text, at) => (at % 2 ? [] : [[text, texts[at + 1].trim()]]))) }
}

describe("the licences of what is compiled into the module", () => {
  test("name the crates that cargo compiles, and no others", () => {
    const { entries } = readLicences()
    const titles = rustLibrary.map(({ title }) => title)
    const crates = entries.map(({ title }) => title).filter((title) => !titles.includes(title))
    assert.deepEqual(crates.sort(), listCompiled())
    for (const title of titles)
      assert.ok(
        entries.some((entry) => entry.title === title),
        title,
      )
  })

  test("name each crate that a function in the module is of", () => {
    const { functions } = readModule(readFileSync(join(root, "target/bundler/pusher_http_wasm_bg.wasm")))
    const named = new Set(
      functions.flatMap(({ name }) => Array.from(name.matchAll(/(\w+)\[[0-9a-f]+\]/g), ([, it]) => it)),
    )
    const titles = readLicences().entries.map(({ title }) => title.split(" ")[0].replaceAll("-", "_"))
    const locked = Array.from(readText("Cargo.lock").matchAll(/^name = "(.+)"$/gm), ([, name]) =>
      name.replaceAll("-", "_"),
    )
    // Those of a method of the standard library look like a crate's.
    const crates = [...named].map((name) => (name === "md5" ? "md_5" : name)).filter((name) => locked.includes(name))
    for (const expected of ["rlsf", "sha2", "md_5", "wasm_bindgen"]) assert.ok(crates.includes(expected), expected)
    const missing = crates.filter((name) => !titles.includes(name) && name !== "pusher_http_wasm")
    assert.deepEqual(missing, [])
  })

  test("come with their texts, and deny.toml allows them", () => {
    const { entries, texts } = readLicences()
    const { licenses } = load("smol-toml").parse(readText("deny.toml"))
    for (const { title, expression, under } of entries) {
      assert.deepEqual(under, chooseLicences(expression), title)
      for (const licence of under) {
        assert.ok(texts.get(licence)?.length > 500, `${title}: ${licence}`)
        assert.ok(licenses.allow.includes(licence.split(" WITH ")[0]), `${title}: ${licence}`)
      }
    }
  })

  test("are none that somebody has to look at first", () => {
    assert.deepEqual(chooseLicences("(Apache-2.0 OR MIT) AND Unicode-3.0"), ["MIT", "Unicode-3.0"])
    for (const expression of ["GPL-3.0-only", "Apache-2.0", "MIT AND MPL-2.0", "MITNFA"])
      assert.throws(() => chooseLicences(expression), /has its text in tools\/licences/, expression)
  })

  test("are all that the package owes: its JavaScript is this repository's", () => {
    for (const { file, format } of files) {
      if (!format) continue
      const sources = Array.from(
        readText("pkg", file).matchAll(/^\s*\/\/ (\S+\/\S+\.[mc]?js)$/gm),
        ([, source]) => source,
      )
      assert.ok(sources.length > 0, file)
      const others = sources.filter((source) => !/^(pkg-template|target\/package)\//.test(source))
      assert.deepEqual(others, [], file)
    }
  })
})

describe("the bill of materials", () => {
  let installed, packed, bill
  before(async () => {
    installed = await installPacked()
    packed = { tarball: installed.tarball, manifest: JSON.parse(readText("pkg/package.json")) }
    bill = makeSbom(packed)
  })
  after(() => installed?.remove())

  const findMistakes = (bill) => {
    const { Spec, Validation } = load("@cyclonedx/cyclonedx-library")
    return new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(bill))
  }

  test("is valid CycloneDX, and the same each time", async () => {
    assert.equal(await findMistakes(bill), null)
    assert.deepEqual(makeSbom(packed), bill)
    // That the validator finds anything:
    assert.ok(await findMistakes({ ...bill, components: [{ ...bill.components[0], type: "crate" }] }))
    assert.ok(await findMistakes({ ...bill, serialNumber: "1" }))
  })

  test("has the crates that cargo compiles, with licences, and checksums from Cargo.lock", () => {
    const { components } = bill
    const crates = components.filter((component) => component["bom-ref"].startsWith("pkg:cargo/"))
    const names = crates.map(({ name, version }) => `${name} ${version}`).sort()
    assert.deepEqual(
      names.filter((name) => !name.startsWith("pusher-http-wasm ")),
      listCompiled(),
    )
    const lock = readText("Cargo.lock")
    for (const { name, version, purl, licenses, hashes } of crates) {
      assert.equal(purl, `pkg:cargo/${name}@${version}`)
      assert.ok(licenses[0].expression, name)
      if (name === "pusher-http-wasm") continue
      const [{ alg, content }] = hashes
      assert.equal(alg, "SHA-256")
      const [entry] = lock.split("\n\n").filter((text) => text.includes(`name = "${name}"\nversion = "${version}"\n`))
      assert.ok(entry.includes(`checksum = "${content}"`), name)
    }
  })

  test("has one component for each end of a dependency, and reaches each from the package", () => {
    const { metadata, components, dependencies } = bill
    const known = [metadata.component, ...components].map((component) => component["bom-ref"])
    assert.equal(new Set(known).size, known.length)
    assert.deepEqual(dependencies.map(({ ref }) => ref).sort(), known.sort())
    const edges = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
    const reached = new Set()
    const follow = (ref) => {
      if (reached.has(ref)) return
      reached.add(ref)
      for (const next of edges.get(ref)) follow(next)
    }
    follow(metadata.component["bom-ref"])
    assert.deepEqual([...reached].sort(), known)
  })
})

describe("lock files", () => {
  test("take crates from crates.io alone, each with its checksum", () => {
    assert.ok(cargoLocks.length >= 3)
    for (const lock of cargoLocks) {
      const { package: crates } = load("smol-toml").parse(readText(lock))
      for (const { name, source, checksum } of crates) {
        // Without a source, it lies in this repository.
        if (source === undefined) {
          assert.match(name, /^(pusher-http-wasm|channels-)/, `${lock}: ${name}`)
          continue
        }
        assert.equal(source, "registry+https://github.com/rust-lang/crates.io-index", `${lock}: ${name}`)
        assert.match(checksum ?? "", /^[0-9a-f]{64}$/, `${lock}: ${name}`)
      }
    }
  })

  test("take npm packages from the registry alone, each with its checksum, in versions that are named exactly", () => {
    assert.ok(npmLocks.length >= 10)
    for (const lock of npmLocks) {
      const { packages } = JSON.parse(readText(lock))
      for (const [path, { integrity, resolved, link, inBundle }] of Object.entries(packages)) {
        if (path === "") continue
        assert.ok(inBundle || /^sha512-/.test(integrity ?? ""), `${lock}: ${path}`)
        assert.deepEqual([resolved, link], [undefined, undefined], `${lock}: ${path}`)
      }
      const { dependencies, devDependencies } = JSON.parse(readText(dirname(lock), "package.json"))
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
        assert.match(version, /^(npm:[^ ]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/, `${lock}: ${name}`)
    }
  })
})

describe("installations", () => {
  const read = (pattern) =>
    listFiles(pattern)
      .filter((file) => file !== "js-tests/packaging/supply-chain.test.mjs")
      .map((file) => [file, readText(file).replace(/^\s*(#|\/\/).*$/gm, "")])
  const find = (texts, pattern) =>
    texts.flatMap(([file, text]) => Array.from(text.matchAll(pattern), ([line]) => `${file}: ${line.trim()}`))
  const scripts = read(/^(Makefile|\.ci\/.*|\.github\/.*\.yml|.*\.sh)$/)
  const programs = read(/^(tools|js-tests|benches|fuzz)\/.*\.mjs$/)
  // Where a command stands, not where a message names one.
  const findCommands = (name) => find(scripts, new RegExp(`(?:^|[;&|(]|run:)\\s*(?:if |elif )?${name}\\b.*`, "gm"))

  test("of crates name an exact version", () => {
    const commands = findCommands("cargo install").concat(find(scripts, /^ .* cargo install "\$crate".*/gm))
    assert.ok(commands.length >= 2, commands.join("\n"))
    for (const command of commands) assert.match(command, /--version "=\$version"/, command)
    const versions = scripts.flatMap(([, text]) => Array.from(text.matchAll(/^\s*\w*version=(\S+)$/gm), ([, it]) => it))
    const [, extra] = /^extra_tools='(.+)'$/m.exec(readText("tools/setup.sh"))
    for (const version of [...versions, ...extra.split(" ").map((tool) => tool.split(":")[1])])
      if (!version.startsWith("$")) assert.match(version, /^\d+\.\d+\.\d+$/)
    const calls = find(programs, /"cargo", \["install".*/g)
    for (const call of calls) assert.match(call, /"--locked".*`[\w-]+@\$\{/, call)
  })

  test("of npm packages follow a lock file, but for the packed package itself", () => {
    assert.ok(findCommands("npm ci").length >= 2)
    assert.deepEqual(findCommands("(npx|npm (install|i|add|update|exec))"), [])
    const calls = find(programs, /\bnpm\b"?[,(].*"(install|i|add|update|exec)".*/g)
    assert.ok(calls.length >= 1)
    for (const call of calls) assert.match(call, /"--offline"/, call)
  })

  test("of what is fetched compare a checksum, and only one script fetches", () => {
    const fetching = [...findCommands("curl"), ...findCommands("wget")].map((command) => command.split(":")[0])
    assert.deepEqual([...new Set(fetching)], ["tools/fetch-tool.sh"])
    for (const line of readText("tools/fetched.sha256").split("\n"))
      assert.match(line, /^(#.*|[0-9a-f]{64} {2}[\w.-]+\.tar\.gz)?$/, line)
  })
})

describe("workflows", () => {
  const folder = ".github/workflows"
  const names = readdirSync(join(root, folder))
  const texts = new Map(names.map((name) => [name, readText(folder, name)]))
  const parse = (name) => load("yaml").parse(texts.get(name))
  const listSteps = (name) => Object.values(parse(name).jobs).flatMap(({ steps }) => steps)

  test("are what GitHub understands", async () => {
    const outfile = join(workspace, "workflow-parser.cjs")
    // Bundled, because Node 20 does not import its schema as it is.
    const stdin = { contents: `export * from "@actions/workflow-parser"`, resolveDir: tools }
    esbuild.buildSync({ stdin, outfile, bundle: true, platform: "node", format: "cjs", logLevel: "error" })
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = load(outfile)
    const findMistakes = async (name, content) => {
      const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
      const { errors = [] } = value ? await convertWorkflowTemplate(context, value) : {}
      return [...context.errors.getErrors(), ...errors].map(String)
    }
    for (const [name, content] of texts) assert.deepEqual(await findMistakes(name, content), [], name)
    assert.deepEqual(names.sort(), ["audit.yml", "docs.yml", "release.yml", "test.yml"])
    // That it finds anything:
    assert.notDeepEqual(await findMistakes("a.yml", texts.get("test.yml").replace("runs-on:", "run-on:")), [])
  })

  test("name each action by its commit, with the version in a comment", () => {
    for (const [name, text] of texts) {
      const uses = Array.from(text.matchAll(/^\s*(?:- )?uses: (.*)$/gm), ([, action]) => action)
      assert.equal(uses.length, listSteps(name).filter((step) => step.uses).length)
      for (const action of uses) assert.match(action, /^[\w-]+\/[\w-]+(\/[\w-]+)*@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, name)
    }
    // The same version wherever it is used, as Dependabot leaves it.
    const pins = [...texts.values()].flatMap((text) => Array.from(text.matchAll(/uses: ([\w-]+\/[\w-]+)[^@]*(@.*)$/gm)))
    const versions = new Map()
    for (const [, action, version] of pins) assert.equal(versions.get(action) ?? version, version, action)
  })

  test("may do little, end by themselves, and leave no token behind", () => {
    for (const name of names) {
      const { permissions, jobs } = parse(name)
      assert.ok(["{}", '{"contents":"read"}'].includes(JSON.stringify(permissions)), name)
      for (const [id, job] of Object.entries(jobs)) {
        assert.ok(job["timeout-minutes"] <= 150, `${name}: ${id}`)
        const written = Object.entries(job.permissions ?? {}).filter(([, value]) => value !== "read")
        const allowed = {
          "docs.yml publish": ["pages", "id-token"],
          "release.yml publish": ["id-token"],
          "release.yml attach": ["contents"],
        }
        assert.deepEqual(
          written.map(([scope]) => scope),
          allowed[`${name} ${id}`] ?? [],
          `${name}: ${id}`,
        )
        for (const step of job.steps)
          if (step.uses?.startsWith("actions/checkout@")) assert.equal(step.with["persist-credentials"], false, name)
      }
      // What a pull request brings along is not code for the shell.
      for (const { run } of listSteps(name)) assert.doesNotMatch(run ?? "", /\$\{\{/, name)
      assert.ok(!("pull_request_target" in parse(name).on), name)
    }
  })

  test("call only targets of make that exist", () => {
    const targets = Array.from(readText("Makefile").matchAll(/^([a-z-]+):/gm), ([, target]) => target)
    const called = names.flatMap((name) =>
      listSteps(name).flatMap(({ run }) =>
        Array.from((run ?? "").matchAll(/\bmake ([a-z-]+)/g), ([, target]) => target),
      ),
    )
    assert.deepEqual([...new Set(called)].sort(), ["audit", "release", "test"])
    for (const target of called) assert.ok(targets.includes(target), target)
  })

  test("that run all tests install what the set-up leaves to root", () => {
    const setup = readText("tools/setup-sockudo.sh")
    const [, packages] = /^packages='(.+)'$/m.exec(setup)
    const wanted = [...packages.split(" ").map((pair) => pair.split(":")[1]), "libprotobuf-dev", "redis-server"]
    for (const name of ["test.yml", "release.yml"]) {
      const commands = listSteps(name).map(({ run }) => run ?? "")
      const installing = commands.find((run) => run.includes("apt-get install"))
      for (const wantedPackage of wanted)
        assert.ok(installing.split(" ").includes(wantedPackage), `${name}: ${wantedPackage}`)
    }
  })

  test("build a release with pinned tools, twice, and keep the bill of materials beside its tarball", () => {
    const building = listSteps("release.yml").find(({ run }) => run === "make release")
    assert.deepEqual(building.env, { PUSHER_HTTP_WASM_PINNED: 1 })
    assert.match(
      texts.get("release.yml"),
      /name: sbom\n\s+path: target\/sbom\/\*\.cdx\.json\n\s+if-no-files-found: error/,
    )
    assert.match(readText("tools/release.mjs"), /run\("make", \["test", "test-reproducible"\]\)/)
  })
})

test("Dependabot looks at the folder of each lock file, weekly, in groups, and at the actions", () => {
  const { version, updates } = load("yaml").parse(readText(".github/dependabot.yml"))
  assert.equal(version, 2)
  const folders = {}
  for (const update of updates) {
    assert.equal(update.schedule.interval, "weekly")
    assert.deepEqual(Object.values(update.groups), [{ patterns: ["*"] }])
    folders[update["package-ecosystem"]] = [update.directory, ...(update.directories ?? [])].filter(Boolean).sort()
  }
  // The manifest of a lock file that lies with an example's tests is the example's.
  const ofCrate = (folder) => (existsSync(join(root, folder, "Cargo.toml")) ? folder : `examples/${basename(folder)}`)
  const toPath = (folder) => (folder === "." ? "/" : `/${folder}`)
  assert.deepEqual(folders, {
    cargo: cargoLocks.map((lock) => toPath(ofCrate(dirname(lock)))).sort(),
    "github-actions": ["/"],
    npm: npmLocks.map((lock) => toPath(dirname(lock))).sort(),
  })
})
