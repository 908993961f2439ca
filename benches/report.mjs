// What is printed: ratios first, and beside each its goal, marked as reached or not.
import { limit } from "./goals.mjs"
import { largestCosts } from "./labels.mjs"

const short = (number) => (Math.abs(number) >= 100 ? String(Math.round(number)) : String(Number(number.toPrecision(3))))
const shown = ({ median, spread }) => `${short(median)} ±${short(spread)}`
const mark = (reached, goal) => (goal === undefined ? "" : reached ? ` ✓${goal}` : ` ✗${goal}`)
const line = (name, columns) =>
  console.log(
    `${name.padEnd(33)} ${columns
      .map((text) => text.padEnd(29))
      .join(" ")
      .trimEnd()}`,
  )

const printHeading = (runtime, version) =>
  console.log(
    `\n${runtime} ${version}: how many times as long as ours others take (✓ at least, ✗ less than the goal), and how long ours takes`,
  )

/** A line a case. */
const printCase = (name, result) => {
  const variants = Object.entries(result)
  line(name, [
    ...variants
      .filter(([, { ratio }]) => ratio)
      .map(([variant, { ratio, goal }]) => `${variant} ${shown(ratio)}${mark(ratio.median >= goal, goal)}`),
    ...variants
      .filter(([, { ratio }]) => !ratio)
      .map(
        ([variant, { nanoseconds }]) =>
          `${variant} ${short(nanoseconds.median / 1000)} ±${short(nanoseconds.spread / 1000)} µs`,
      ),
  ])
}

/** Of fresh processes: what comes on top of an empty one's. */
const printBeyondEmpty = (what, { empty, ...others }) =>
  line(`${what} beyond the empty one's`, [
    ...Object.entries(others).map(
      ([name, { beyond, limit }]) => `${name} ${shown(beyond)}${mark(beyond.median <= limit, limit)}`,
    ),
    `empty ${shown(empty.amount)}`,
  ])

const printBundles = ({ bytes, subpaths }) => {
  console.log("\nbytes that each library adds to a Worker, minified (✓ at most, ✗ more than the goal)")
  for (const measure of ["raw", "gzip", "brotli"]) {
    const goals = ["all", "moonshot"].map((kind) => limit(`bundle, ${measure}`, kind))
    const columns = Object.entries(bytes).map(([library, weight]) => {
      const marks = library === "ours" ? goals.map((goal) => mark(weight[measure] <= goal, goal)).join("") : ""
      return `${library} ${weight[measure]}${marks}`
    })
    line(measure, columns)
  }
  const files = Object.entries(subpaths).filter(([file]) => file.endsWith(".js"))
  line("our subpaths, brotli", [files.map(([file, { brotli }]) => `${file} ${brotli}`).join(", ")])
}

/** The three largest costs of each case. */
const printProfiles = (profiles) => {
  console.log("\nwhat ours spends its time on, on Node (node benches/profile.mjs --functions shows more)")
  for (const [name, costs] of Object.entries(profiles)) line(name, [largestCosts(costs).join(", ")])
}

export const printing = {
  heading: printHeading,
  case: printCase,
  beyondEmpty: printBeyondEmpty,
  bundles: printBundles,
  profile: printProfiles,
}

/** For figures that mean nothing. */
export const printingNames = {
  heading: (runtime, version) => console.log(`${runtime} ${version}`),
  case: (name, result) => console.log(`  ${name}: ${Object.keys(result).join("; ")}`),
  beyondEmpty: (what, result) => console.log(`  ${what}: ${Object.keys(result).join("; ")}`),
  bundles: ({ subpaths }) => console.log(`  bundles, and subpaths: ${Object.keys(subpaths).join("; ")}`),
  profile: (profiles) => console.log(`  profiles: ${Object.keys(profiles).join("; ")}`),
}
