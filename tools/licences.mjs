// Makes THIRD-PARTY-LICENSES.txt: whose code is compiled into pusher.wasm, and the notices and licences which that code must come with.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

import { readCrates, rustLibrary } from "./crates.mjs"

export const LICENCES_FILE = "THIRD-PARTY-LICENSES.txt"

const INTRODUCTION = `pusher.wasm, and the copy of it in the JavaScript files, hold compiled code of the crates and libraries below. Each is used under the licences
named after "under", whose texts follow the list. Everything else in this package is under the licence in LICENSE.
`

/** The licences whose texts we have, the first choice first, and where a crate has its own copy. */
const LICENCES = {
  MIT: { text: "MIT.txt", copies: ["LICENSE-MIT", "LICENSE-MIT.md", "LICENSE", "LICENSE.md", "LICENSE.txt"] },
  "Unicode-3.0": { text: "Unicode-3.0.txt", copies: ["LICENSE-UNICODE"] },
  // The exception waives what the Apache Licence demands of compiled code, its text among it.
  "Apache-2.0 WITH LLVM-exception": { text: "LLVM-exception.txt", copies: [] },
}

const readText = (licence) => readFileSync(join(import.meta.dirname, "licences", LICENCES[licence].text), "utf8")
const normalise = (text) => text.replace(/\s+/g, " ").trim()

/** Chooses the licences to use something under, from an SPDX expression. Throws if a text is missing here: somebody has to look at it first. */
export const chooseLicences = (expression) =>
  expression.split(" AND ").map((part) => {
    const offered = part.replace(/^\(|\)$/g, "").split(" OR ")
    const chosen = Object.keys(LICENCES).find((licence) => offered.includes(licence))
    if (!chosen) throw new Error(`no licence of "${part}" has its text in tools/licences/`)
    return chosen
  })

/**
 * Reads what a crate's copy of a licence says beside the licence's own text, such as whose the copyright is.
 * @param {import("./crates.mjs").Crate} crate
 */
const readNotices = ({ name, folder, authors }, licence) => {
  const copy = LICENCES[licence].copies.map((file) => join(folder, file)).find(existsSync)
  if (!copy) return [`By ${authors.join(", ")} (the crate comes without a copy of its licence)`]
  const whole = readFileSync(copy, "utf8")
  const [start] = /\S+ \S+ \S+/.exec(readText(licence))
  const at = whole.indexOf(start)
  if (at < 0 || normalise(whole.slice(at)) !== normalise(readText(licence)))
    throw new Error(`${name}: ${copy} has another text than tools/licences/${LICENCES[licence].text}: look at it`)
  const lines = whole.slice(0, at).split("\n")
  return lines.map(normalise).filter((line) => line !== "" && !/\bLICENSE\b|^COPYRIGHT AND PERMISSION/i.test(line))
}

const describe = ({ title, license, repository, notices }) => {
  const under = chooseLicences(license)
  const lines = [`${license}; under ${under.join(" and ")}`, repository, ...notices]
  return `${title}\n${lines.map((line) => `  ${line}\n`).join("")}`
}

/** Makes the file's text. The same Cargo.lock gives the same text, whatever the compiler. */
export const makeLicences = () => {
  const crates = readCrates().others.map((crate) => {
    if (!crate.license) throw new Error(`${crate.name} names no licence`)
    const notices = chooseLicences(crate.license).flatMap((licence) => readNotices(crate, licence))
    return { ...crate, title: `${crate.name} ${crate.version}`, notices: [...new Set(notices)] }
  })
  const parts = [...crates, ...rustLibrary]
  const used = new Set(parts.flatMap(({ license }) => chooseLicences(license)))
  const texts = Object.keys(LICENCES)
    .filter((licence) => used.has(licence))
    .map((licence) => `${"=".repeat(80)}\n${licence}\n${"=".repeat(80)}\n\n${readText(licence)}`)
  return [INTRODUCTION, ...parts.map(describe), ...texts].join("\n")
}
