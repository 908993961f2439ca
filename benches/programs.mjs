// The small programs whose start and memory are measured, written into `folder/suite`: `{ name: file }`.
import { join } from "node:path"

import { esbuild } from "../tools/packages.mjs"

const packages = { ours: "pusher-http-wasm", pusher: "pusher", edge: "pusher-http-edge" }

/** Each as one file with the package beside it: what more files take would be taken for the package's. */
const write = (folder, kind, programs) =>
  Object.fromEntries(
    Object.entries(programs).map(([name, text]) => {
      const file = `suite/${kind}-${name.replace(/\W+/g, "-")}.mjs`
      const stdin = { contents: text, resolveDir: join(folder, "suite") }
      esbuild.buildSync({
        stdin,
        outfile: join(folder, file),
        bundle: true,
        format: "esm",
        packages: "external",
        logLevel: "warning",
      })
      return [name, file]
    }),
  )

const eachPackage = (program, more = "") =>
  Object.fromEntries(Object.entries(packages).map(([library, name]) => [`${library}${more}`, program(name)]))

const answering = (name) =>
  `import Pusher from "${name}"\nimport { answerFirst } from "./first.mjs"\nawait answerFirst(Pusher)\n`

/** An empty program, those that use a package for a first answer, and those that only import it. */
export const writePrograms = (folder) =>
  write(folder, "program", {
    empty: "",
    ...eachPackage(answering),
    ...eachPackage((name) => `import "${name}"\n`, ", import alone"),
  })

/** The same without those that only import; each says when it is done, and stays. */
export const writeStayingPrograms = (folder) => {
  const stay = 'console.log("done")\nsetTimeout(() => {}, 60_000)\n'
  return write(folder, "staying", { empty: stay, ...eachPackage((name) => answering(name) + stay) })
}

/** Workers whose response is the first answer; the empty one's is empty. */
export const writeWorkers = (folder) =>
  write(folder, "worker", {
    empty: 'export default { fetch: () => new Response("") }\n',
    ...eachPackage(
      (name) =>
        `import Pusher from "${name}"\nimport { answerFirst } from "./first.mjs"\n` +
        "export default { fetch: async () => new Response(await answerFirst(Pusher)) }\n",
    ),
  })

/** Workers that do one thing a request, with each library, with none, and with what is signed before. */
export const writeCpuWorkers = (folder) => {
  const worker = (client) => `${client}\nimport { doingWork } from "./cpu.mjs"\nexport default doingWork(Client)\n`
  return write(folder, "cpu", {
    empty: worker('import { Nothing as Client } from "./nothing.mjs"'),
    ...eachPackage((name) => worker(`import Client from "${name}"`)),
    "by hand": worker('import { ByHand as Client } from "./by-hand.mjs"'),
    ceiling: worker('import { PreSigned as Client } from "./pre-signed-client.mjs"'),
  })
}

/** Only the other libraries, for they are to be bundled by themselves. */
export const writeReexports = (folder) => {
  const { ours, ...others } = eachPackage((name) => `export { default } from "${name}"\n`)
  return write(folder, "reexport", others)
}
