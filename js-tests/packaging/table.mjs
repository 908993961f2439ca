// Puts what the places of places/ came to into the README: target/places/, where run.mjs leaves it, as a table.
//
//   node js-tests/packaging/table.mjs
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")
const marks = ["<!-- made by `make support-table` -->\n", "<!-- /made -->\n"]
const groups = ["Runtimes", "Browsers", "Bundlers", "Frameworks", "Vercel"]

/** The places, in the order in which the table has them. */
export async function places() {
  const files = readdirSync(join(import.meta.dirname, "places")).filter((file) => file.endsWith(".mjs"))
  const all = await Promise.all(
    files.map(async (file) => {
      const { name, group } = (await import(`./places/${file}`)).default
      return { id: file.slice(0, -".mjs".length), name, group }
    }),
  )
  const unknown = all.filter(({ group }) => !groups.includes(group))
  if (unknown.length > 0) throw new Error(`the table has no group ${unknown.map(({ group }) => group).join(", ")}`)
  const inOrder = all.toSorted((one, other) => one.name.localeCompare(other.name, "en"))
  return groups.flatMap((group) => inOrder.filter((place) => place.group === group))
}

/** The README's parts: before the table, the table, after it. */
export function parts(readme) {
  const [start, end] = marks.map((mark) => readme.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`README.md has no lines ${marks.join(" and ")}`)
  const from = start + marks[0].length
  return [readme.slice(0, from), readme.slice(from, end), readme.slice(end)]
}

function resultOf({ id, name }) {
  try {
    return JSON.parse(readFileSync(join(root, "target/places", `${id}.json`), "utf8"))
  } catch {
    throw new Error(`target/places has no result of ${name}: run \`make test-places\``)
  }
}

const number = (value) => value.toLocaleString("en").replaceAll(",", " ")

function rowOf(place) {
  const { version, compatibilityDate, passed, failed, unavailable, bundleBytes } = resultOf(place)
  const cases = unavailable
    ? "not tried"
    : failed > 0
      ? `${number(passed)} of ${number(passed + failed)}`
      : number(passed)
  const versions = [version, compatibilityDate && `(${compatibilityDate})`].filter(Boolean).join(" ")
  return `| ${place.name} | ${versions} | ${cases} | ${bundleBytes === undefined ? "–" : number(bundleBytes)} |\n`
}

async function table() {
  const all = await places()
  const rows = groups.map(
    (group) =>
      `| **${group}** | | | |\n${all
        .filter((place) => place.group === group)
        .map(rowOf)
        .join("")}`,
  )
  const untried = all.map(resultOf).filter(({ unavailable }) => unavailable)
  const notes = untried.map(
    ({ name, unavailable }) => `\n${name} was not tried where this table was made: ${unavailable}.\n`,
  )
  return `\n| | version | cases passed | bytes in a bundle, brotli |\n|---|---|--:|--:|\n${rows.join("")}${notes.join("")}\n`
}

if (process.argv[1] === import.meta.filename) {
  const path = join(root, "README.md")
  const [before, , after] = parts(readFileSync(path, "utf8"))
  writeFileSync(path, before + (await table()) + after)
  console.log("README.md has what target/places has")
}
