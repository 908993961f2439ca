// Writes the results of the places, which run.mjs puts into target/places/, into docs/where-it-runs.md as a table.
//
//   node js-tests/packaging/table.mjs
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const root = join(import.meta.dirname, "../..")
const marks = ["<!-- made by `make support-table` -->\n", "<!-- /made -->\n"]
const groups = ["Runtimes", "Browsers", "Bundlers", "Frameworks", "Vercel"]

/** Lists the places in the table's order. */
export async function listPlaces() {
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

/** Splits the page into the text before the table, the table, and the text after it. */
export function splitPage(page) {
  const [start, end] = marks.map((mark) => page.indexOf(mark))
  if (start < 0 || end < start) throw new Error(`docs/where-it-runs.md has no lines ${marks.join(" and ")}`)
  const from = start + marks[0].length
  return [page.slice(0, from), page.slice(from, end), page.slice(end)]
}

function readResult({ id, name }) {
  try {
    return JSON.parse(readFileSync(join(root, "target/places", `${id}.json`), "utf8"))
  } catch {
    throw new Error(`target/places has no result for ${name}: run \`make test-places\``)
  }
}

const formatNumber = (value) => value.toLocaleString("en").replaceAll(",", " ")

function makeRow(place) {
  const { version, compatibilityDate, passed, failed, unavailable, bundleBytes } = readResult(place)
  const works = unavailable ? "not tried here" : failed > 0 ? "partly" : "✓"
  const cases = unavailable
    ? "–"
    : failed > 0
      ? `${formatNumber(passed)} of ${formatNumber(passed + failed)}`
      : formatNumber(passed)
  const versions = [version, compatibilityDate && `(${compatibilityDate})`].filter(Boolean).join(" ")
  return `| ${place.name} | ${versions} | ${works} | ${cases} | ${bundleBytes === undefined ? "–" : formatNumber(bundleBytes)} |\n`
}

async function makeTable() {
  const all = await listPlaces()
  const rows = groups.map(
    (group) =>
      `| **${group}** | | | | |\n${all
        .filter((place) => place.group === group)
        .map(makeRow)
        .join("")}`,
  )
  const untried = all.map(readResult).filter(({ unavailable }) => unavailable)
  const notes = untried.map(
    ({ name, unavailable }) => `\n${name} was not tried where this table was made: ${unavailable}.\n`,
  )
  return `\n| | version | works | cases | bytes in a bundle, brotli |\n|---|---|---|--:|--:|\n${rows.join("")}${notes.join("")}\n`
}

if (process.argv[1] === import.meta.filename) {
  const path = join(root, "docs/where-it-runs.md")
  const [before, , after] = splitPage(readFileSync(path, "utf8"))
  writeFileSync(path, before + (await makeTable()) + after)
  console.log("docs/where-it-runs.md has the results of target/places")
}
