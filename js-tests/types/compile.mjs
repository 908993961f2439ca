// Compiles programs with several versions of TypeScript, in a project that has the packed package installed.
import { execFile } from "node:child_process"
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"

import { others } from "../../pkg-template/entries/entries.mjs"
import { installTools } from "../packaging/tools.mjs"
import { installPacked } from "../support/packed.mjs"

/** The library's own declarations, by file. */
export const DECLARATIONS = others.filter((file) => /\.d\.c?ts$/.test(file))

/**
 * Makes a project with the package, npm `pusher` and its sibling for Beams, pusher-js, and whatever declares types of a host or of a `fetch`.
 * @returns {Promise<{ folder: string, tools: string, packed: string, remove: () => Promise<void> }>}
 */
export async function makeProject() {
  const tools = await installTools("../types/compilers")
  const also = [
    "pusher",
    "@pusher/push-notifications-server",
    "pusher-js",
    "@types/node",
    "@types/node-fetch",
    "undici-types",
  ]
  const { folder, remove } = await installPacked({ also })
  for (const name of ["undici", "@cloudflare/workers-types"]) {
    const path = join(folder, "node_modules", name)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(realpathSync(join(tools, name)), path, "dir")
  }
  return { folder, tools, packed: join(folder, "node_modules/pusher-http-wasm"), remove }
}

/** Writes files, `{ path: text }`, below the folder. Returns their paths. */
export const writeFiles = (folder, files) =>
  Object.entries(files).map(([path, text]) => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  })

/**
 * @typedef {{ file: string, line: number, code: number, text: string }} Diagnostic `line` is counted from 0
 * @typedef {(options: object, files: string[]) => Promise<Diagnostic[]>} Compile checks the files and the package's declarations
 */

/** Loads a version of TypeScript that is written in JavaScript. */
export const loadTypeScript = (tools, name) => createRequire(import.meta.url)(join(tools, name))

/**
 * Compiles in this process. Programs share what has been parsed: all of them what is the same under every module resolution.
 * @returns {Compile}
 */
export function inProcess(ts, { folder, packed }) {
  const parsed = new Map()
  return async (json, files) => {
    const { options, errors } = ts.convertCompilerOptionsFromJson({ noEmit: true, ...json }, folder)
    const host = ts.createCompilerHost(options)
    const { getSourceFile } = host
    // Where it looks for @types.
    host.getCurrentDirectory = () => folder
    host.getSourceFile = (file, ...rest) => {
      if (!file.includes("/node_modules/")) return getSourceFile(file, ...rest)
      const isShared = /\/lib\.[\w.]+\.d\.ts$|\/@types\/node\//.test(file)
      const key = isShared ? file : [json.module, json.moduleResolution, file].join()
      if (!parsed.has(key)) parsed.set(key, getSourceFile(file, ...rest))
      return parsed.get(key)
    }
    const program = ts.createProgram(files, options, host)
    const ours = DECLARATIONS.map((name) => program.getSourceFile(join(packed, name))).filter(Boolean)
    const checked = [...files.map((file) => program.getSourceFile(file)), ...ours]
    const found = [
      ...errors,
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...checked.flatMap((source) => [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ]),
    ]
    return found.map(({ file, start, code, messageText }) => ({
      file: file?.fileName ?? "",
      line: file ? ts.getLineAndCharacterOfPosition(file, start).line : 0,
      code,
      text: ts.flattenDiagnosticMessageText(messageText, "\n"),
    }))
  }
}

/**
 * Compiles with a command: TypeScript 7 has no interface for programs.
 * @returns {Compile}
 */
export function byCommand(tsc, { folder }) {
  let count = 0
  return async (json, files) => {
    const [config] = writeFiles(folder, {
      [`tsconfig.${count++}.json`]: JSON.stringify({ compilerOptions: { noEmit: true, ...json }, files }),
    })
    const output = await new Promise((resolve) => {
      execFile(tsc, ["--pretty", "false", "--project", config], { cwd: folder }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    const diagnostics = []
    for (const line of output.split("\n").filter((line) => line !== "")) {
      const [, file, at, code, text] = /^(?:(.+)\((\d+),\d+\): )?error TS(\d+): (.*)$/.exec(line) ?? []
      if (code)
        diagnostics.push({ file: file ? join(folder, file) : "", line: Number(at ?? 1) - 1, code: Number(code), text })
      else if (diagnostics.length > 0) diagnostics.at(-1).text += `\n${line}`
      else throw new Error(output)
    }
    return diagnostics
  }
}

/** Shows diagnostics in a message of a test. */
export const show = (folder, diagnostics) =>
  diagnostics.map(({ file, line, code, text }) => `${relative(folder, file)}:${line + 1} TS${code} ${text}`)
