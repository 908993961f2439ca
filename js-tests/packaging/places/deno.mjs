import { cp, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { copyApplication, exerciseEndpoints } from "../endpoints/exercise.mjs"
import { exerciseProgram } from "../frameworks/servers.mjs"
import { combine } from "../projects.mjs"
import { deno, makeOptions, runDeno, runSuiteInDeno } from "../runtimes/deno.mjs"
import { startRegistry } from "../runtimes/registry.mjs"
import { runWays } from "../runtimes/ways.mjs"

export default {
  name: "Deno",
  group: "Runtimes",
  async run(context) {
    const { folder, tarball, environment } = context
    installSuite(folder)
    const suite = await runWays(environment, {
      "node_modules of npm": (environment) => runtimes.deno(folder, environment),
      "npm: from a registry": (environment) => runFromRegistry(folder, tarball, environment),
      "npm: in deno.json, node_modules of npm": (environment) => runWithConfig(folder, environment),
      "deno.json names the file": (environment) => runWithImportMap(folder, environment),
      "deno test": (environment) => runInTest(folder, environment),
      "deno test, with type and leak checks": () => runLeakTests(folder, environment),
    })
    return { version: getVersion("deno"), ...suite, ...combine(suite, await serveEndpoints(context)) }
  },
}

/** Serves endpoints with `Deno.serve`. */
async function serveEndpoints(context) {
  await copyApplication(context.folder, "fetch.mjs", "serve-deno.mjs")
  const options = [...makeOptions(context.environment), "--allow-env", "--node-modules-dir=manual"]
  return exerciseProgram(context, ["run", ...options, "serve-deno.mjs"], {
    node: deno,
    label: "Deno.serve",
    makeCases: exerciseEndpoints,
  })
}

/** Has Deno fetch the package itself into a cache of its own. */
async function runFromRegistry(folder, tarball, environment) {
  const manifest = JSON.parse(await readFile(join(folder, "node_modules/pusher-http-wasm/package.json"), "utf8"))
  const registry = await startRegistry(tarball, manifest)
  try {
    const cwd = await makeProject(
      folder,
      "registry",
      { nodeModulesDir: "none" },
      `npm:pusher-http-wasm@^${manifest.version}`,
    )
    await writeFile(join(cwd, ".npmrc"), `registry=${registry.url}\n`)
    // The usual cache might hold an older package.
    const env = { DENO_DIR: join(cwd, "cache"), DENO_NO_PACKAGE_JSON: "1" }
    const result = await runSuiteInDeno(["run", ...makeOptions(environment), "js-tests/runners/deno.mjs"], {
      cwd,
      env,
      environment,
    })
    if (!registry.requested.some((path) => path.endsWith(".tgz"))) {
      result.failures.push({ name: "the package comes from the registry", reason: `requested: ${registry.requested}` })
    }
    return result
  } finally {
    await registry.close()
  }
}

/** Names the package in deno.json, after npm or `deno install` has installed it. */
async function runWithConfig(folder, environment) {
  const cwd = await makeProject(folder, "config", { nodeModulesDir: "manual" }, "npm:pusher-http-wasm")
  await cp(join(folder, "node_modules/pusher-http-wasm"), join(cwd, "node_modules/pusher-http-wasm"), {
    recursive: true,
  })
  await cp(join(folder, "package.json"), join(cwd, "package.json"))
  return runSuiteInDeno(["run", ...makeOptions(environment), "js-tests/runners/deno.mjs"], { cwd, environment })
}

/** Uses no npm: imports the file like any other module. */
async function runWithImportMap(folder, environment) {
  const cwd = await makeProject(folder, "import-map", {}, "./vendor/pusher-http-wasm/index.js", {
    ...Object.fromEntries(
      ["beams", "chunks", "handlers", "node", "testing"].map((name) => [
        `pusher-http-wasm/${name}`,
        `./vendor/pusher-http-wasm/${name}.js`,
      ]),
    ),
  })
  await cp(join(folder, "node_modules/pusher-http-wasm"), join(cwd, "vendor/pusher-http-wasm"), { recursive: true })
  const env = { DENO_NO_PACKAGE_JSON: "1" }
  return runSuiteInDeno(["run", ...makeOptions(environment), "--no-npm", "js-tests/runners/deno.mjs"], {
    cwd,
    env,
    environment,
  })
}

/** Makes a project with the suite and a deno.json that says where the package comes from. */
async function makeProject(folder, name, config, origin, more = {}) {
  const cwd = join(folder, "projects", name)
  await mkdir(cwd, { recursive: true })
  installSuite(cwd)
  const imports = { "pusher-http-wasm": origin, ...more, qunit: "./node_modules/qunit/index.mjs" }
  await writeFile(join(cwd, "deno.json"), JSON.stringify({ ...config, imports }))
  return cwd
}

const makeTestArguments = (environment) => ["test", ...makeOptions(environment), "--node-modules-dir=manual"]

async function runInTest(cwd, environment) {
  return runSuiteInDeno([...makeTestArguments(environment), "--no-check", "js-tests/runners/deno-test.mjs", "--"], {
    cwd,
    environment,
  })
}

/** Runs a user's own tests. */
async function runLeakTests(cwd, environment) {
  await cp(join(import.meta.dirname, "../runtimes/deno-leaks.test.ts"), join(cwd, "leaks.test.ts"))
  const args = [...makeTestArguments(environment), "--trace-leaks", "leaks.test.ts", "--", JSON.stringify(environment)]
  const [, passed] = /(\d+) passed/.exec(await runDeno(args, { cwd }))
  return { passed: Number(passed), failures: [] }
}
