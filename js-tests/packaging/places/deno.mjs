import { cp, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"

import { getVersion } from "../../support/packages.mjs"
import { installSuite, runtimes } from "../../support/runtimes.mjs"
import { options, runDeno, suiteInDeno } from "../runtimes/deno.mjs"
import { startRegistry } from "../runtimes/registry.mjs"
import { inWays } from "../runtimes/ways.mjs"

export default {
  name: "Deno",
  group: "Runtimes",
  async run({ folder, tarball, environment }) {
    installSuite(folder)
    return {
      version: getVersion("deno"),
      ...(await inWays({
        "node_modules of npm": () => runtimes.deno(folder, environment),
        "npm: from a registry": () => fromRegistry(folder, tarball, environment),
        "npm: in deno.json, node_modules of npm": () => withConfig(folder, environment),
        "deno.json names the file": () => withImportMap(folder, environment),
        "deno test": () => inTest(folder, environment),
        "deno test, types checked, leaks looked for": () => leaks(folder, environment),
      })),
    }
  },
}

/** Deno fetches the package itself and keeps it in a cache of its own. */
async function fromRegistry(folder, tarball, environment) {
  const manifest = JSON.parse(await readFile(join(folder, "node_modules/pusher-http-wasm/package.json"), "utf8"))
  const registry = await startRegistry(tarball, manifest)
  try {
    const cwd = await project(
      folder,
      "registry",
      { nodeModulesDir: "none" },
      `npm:pusher-http-wasm@^${manifest.version}`,
    )
    await writeFile(join(cwd, ".npmrc"), `registry=${registry.url}\n`)
    // Its cache might have the package from another day.
    const env = { DENO_DIR: join(cwd, "cache"), DENO_NO_PACKAGE_JSON: "1" }
    const result = await suiteInDeno(["run", ...options(environment), "js-tests/runners/deno.mjs"], {
      cwd,
      env,
      environment,
    })
    if (!registry.asked.some((path) => path.endsWith(".tgz"))) {
      result.failures.push({ name: "the package comes from the registry", reason: `asked for: ${registry.asked}` })
    }
    return result
  } finally {
    await registry.close()
  }
}

/** As the README of a Deno project would say, where npm or `deno install` has installed. */
async function withConfig(folder, environment) {
  const cwd = await project(folder, "config", { nodeModulesDir: "manual" }, "npm:pusher-http-wasm")
  await cp(join(folder, "node_modules/pusher-http-wasm"), join(cwd, "node_modules/pusher-http-wasm"), {
    recursive: true,
  })
  await cp(join(folder, "package.json"), join(cwd, "package.json"))
  return suiteInDeno(["run", ...options(environment), "js-tests/runners/deno.mjs"], { cwd, environment })
}

/** No npm anywhere: the file is a module like any other. */
async function withImportMap(folder, environment) {
  const cwd = await project(folder, "import-map", {}, "./vendor/pusher-http-wasm/index.js")
  await cp(join(folder, "node_modules/pusher-http-wasm"), join(cwd, "vendor/pusher-http-wasm"), { recursive: true })
  const env = { DENO_NO_PACKAGE_JSON: "1" }
  return suiteInDeno(["run", ...options(environment), "--no-npm", "js-tests/runners/deno.mjs"], {
    cwd,
    env,
    environment,
  })
}

/** A project with the suite, and with a deno.json that says where the package comes from. */
async function project(folder, name, config, origin) {
  const cwd = join(folder, "projects", name)
  await mkdir(cwd, { recursive: true })
  installSuite(cwd)
  const imports = { "pusher-http-wasm": origin, qunit: "./node_modules/qunit/index.mjs" }
  await writeFile(join(cwd, "deno.json"), JSON.stringify({ ...config, imports }))
  return cwd
}

const testing = (environment) => ["test", ...options(environment), "--node-modules-dir=manual"]

async function inTest(cwd, environment) {
  return suiteInDeno([...testing(environment), "--no-check", "js-tests/runners/deno-test.mjs", "--"], {
    cwd,
    environment,
  })
}

/** A user's own tests. */
async function leaks(cwd, environment) {
  await cp(join(import.meta.dirname, "../runtimes/deno-leaks.test.ts"), join(cwd, "leaks.test.ts"))
  const args = [...testing(environment), "--trace-leaks", "leaks.test.ts", "--", JSON.stringify(environment)]
  const [, passed] = /(\d+) passed/.exec(await runDeno(args, { cwd }))
  return { passed: Number(passed), failures: [] }
}
