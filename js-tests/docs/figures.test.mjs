// Every measured figure in the documentation is that of a results file, or of the sources.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { test } from "node:test"

import { others } from "../../pkg-template/entries/entries.mjs"
import { makeTables, speedPage, splitPage } from "../../tools/figures.mjs"
import { pagesWithSizes, withSizes } from "../../tools/published-sizes.mjs"
import { limits } from "../../tools/scale.mjs"
import { listPlaces, splitPage as splitPlaces } from "../packaging/table.mjs"
import { listPages, readPage, root } from "./pages.mjs"

const read = (path) => readFileSync(join(root, path), "utf8")
const results = (name) => JSON.parse(read(`benches/results/${name}.json`))

test("docs/speed.md has what was measured", () => {
  const [, tables] = splitPage(readFileSync(speedPage, "utf8"))
  assert.equal(tables, makeTables(), "`node tools/figures.mjs --write` writes it anew")
})

test("docs/where-it-runs.md lists every place, and no other", async () => {
  const [, table] = splitPlaces(read("docs/where-it-runs.md"))
  const names = [...table.matchAll(/^\| ([^*|\s][^|]*) \|/gm)].map(([, name]) => name)
  assert.deepEqual(
    names,
    (await listPlaces()).map(({ name }) => name),
    "`make test-places support-table` makes it anew",
  )
})

for (const page of pagesWithSizes) {
  test(`${page} promises the sizes of the budget`, () => {
    const text = read(page)
    assert.equal(text, withSizes(page, text), "`node tools/published-sizes.mjs --write` writes them anew")
  })
}

test("the words about what is slower agree with the figures", () => {
  const { text } = readPage("docs/speed.md")
  const medians = (runtime, name) => {
    const { ours, pusher, "node:crypto": native } = results(runtime).cases[name]
    const own = ours.nanoseconds.median
    return { own, pusher: own * pusher.ratio.median, native: own * native?.ratio.median }
  }
  // "SHA-256 of 8 KB takes 22 µs here and 7 µs in native code": a forged webhook is hardly more than its hash.
  const hashing = medians("node", "webhook 8 KB, forged")
  assert.ok(hashing.own > 20_000 && hashing.own < 26_000, `${hashing.own} ns`)
  assert.ok(hashing.native > 6_000 && hashing.native < 9_000, `${hashing.native} ns`)
  // The signature from which on a client that was made for them has cost less.
  assert.match(
    text,
    /From the second signature on, this library is ahead on Deno and workerd, from about the ninth on Node/,
  )
  for (const [runtime, [least, most]] of Object.entries({ deno: [2, 2], workerd: [2, 2], node: [7, 11] })) {
    const first = medians(runtime, "a client, and authorizeChannel, private")
    const more = medians(runtime, "authorizeChannel, private")
    const ahead = 1 + Math.ceil((first.own - first.pusher) / (more.pusher - more.own))
    assert.ok(ahead >= least && ahead <= most, `${runtime}: ${ahead}`)
  }
})

test("the words about speed agree with the figures", () => {
  const { text } = readPage("docs/speed.md")
  const { cases } = results("node")
  const ratio = (name) => cases[name].pusher.ratio.median
  // "Below 1 is slower. Webhooks of 8 KB are … Dispatching on Node is …"
  assert.ok(ratio("webhook 8 KB") < 1 && ratio("dispatch, 32 in flight") < 1)
  assert.match(text, /Webhooks of 8 KB are/)
  for (const runtime of ["node", "deno", "bun", "workerd"]) {
    // "Is it faster than what you would write yourself? For answering clients, yes, on every runtime"
    const { cases } = results(runtime)
    for (const name of ["authorizeChannel, private", "authorizeChannel, presence", "authenticateUser"]) {
      assert.ok(cases[name]["by hand"].ratio.median > 1, `${runtime}: ${name}`)
    }
    // "For sending, no: the host's `fetch` takes most of the time"
    const { ours, "bare fetch": bare } = cases["dispatch, 1 in flight"]
    assert.ok(bare.nanoseconds.median > cases["trigger 0.2 KB"].ours.nanoseconds.median, runtime)
    assert.ok(ours.nanoseconds.median > 2 * cases["trigger 0.2 KB"].ours.nanoseconds.median, runtime)
  }
  // "compared with that, the difference is small on Node and Bun"
  for (const runtime of ["node", "bun"]) {
    const { median } = results(runtime).cases["authorizeChannel, private"]["node:crypto"].ratio
    assert.ok(median > 0.6 && median < 3, runtime)
  }
  // "With an `agent`, this library uses `node:http` as well."
  assert.ok(cases["dispatch, 32 in flight"]["pusher, agent"].ratio.median > 0.9)
  // "The bundle is larger than that of `pusher`"
  const { bytes } = results("bundles")
  assert.ok(bytes.ours.brotli > bytes.pusher.brotli)
  // "An event spends microseconds in this library", "Making a client takes microseconds", here and in faq.md and workers.md
  for (const runtime of ["node", "deno", "bun", "workerd"]) {
    const { "trigger 0.2 KB": trigger, "a client, and authorizeChannel, private": client } = results(runtime).cases
    assert.ok(trigger.ours.nanoseconds.median < 200_000, runtime)
    assert.ok(client.ours.nanoseconds.median < 200_000, runtime)
  }
})

test("no page but that about speed, and those it checks, has measured times or ratios", () => {
  const measured = /\d (µs|ns)\b|\d(\.\d)? times as (fast|long)|\d(\.\d)? KB of (brotli|gzip)/
  const others = listPages().filter(({ path }) => !["docs/speed.md", "docs/scale.md"].includes(path))
  assert.deepEqual(
    others.filter(({ prose }) => measured.test(prose)).map(({ path }) => path),
    [],
  )
})

/** Numbers in the pages, each with the place in the sources that has it: `[page, words in it, source, what must be there]`. */
const LIMITS = [
  ["docs/limits.md", "| data of one event | 10 240 bytes |", "src/config.rs", /10_240/],
  ["docs/limits.md", "| channels of one `trigger` | 100 |", "src/config.rs", /\b100\b/],
  [
    "docs/limits.md",
    "| a response | 16 777 216 bytes |",
    "pkg-template/input/options.js",
    /maxResponseBytes = 2 \*\* 24/,
  ],
  ["docs/limits.md", "| a request of `publish` | 1 048 576 bytes |", "pkg-template/limits.js", /2 \*\* 20|1_?048_?576/],
  [
    "docs/limits.md",
    "| body of an authorisation request | 65 536 bytes |",
    "pkg-template/handlers/limits.js",
    /65_?536|64 \* 1024|2 \*\* 16/,
  ],
  [
    "docs/limits.md",
    "| age of a webhook | 600 000 ms |",
    "pkg-template/handlers/limits.js",
    /MAX_WEBHOOK_AGE = 600_000/,
  ],
  [
    "docs/limits.md",
    "| member with its `user_info` | 1 024 bytes |",
    "pkg-template/handlers/limits.js",
    /MAX_MEMBER_BYTES = 1024/,
  ],
  ["docs/limits.md", "| member's `user_id` | 128 characters |", "pkg-template/handlers/limits.js", /MAX_ID = 128/],
  ["docs/limits.md", "| clock | 600 seconds off |", "src/retry.rs", /CLOCK_TOLERANCE: f64 = 600_000/],
  ["docs/retries.md", "| `attempts` | 3 |", "src/retry.rs", /attempts: 3/],
  ["docs/retries.md", "| `baseDelay` | 200 ms |", "src/retry.rs", /base_delay: 200/],
  ["docs/retries.md", "| `maxDelay` | 5 000 ms |", "src/retry.rs", /max_delay: 5_000/],
  ["docs/retries.md", "| `deadline` | 30 000 ms |", "src/retry.rs", /deadline: 30_000/],
  ["docs/errors.md", "the first 8192 characters", "pkg-template/limits.js", /8192/],
  ["docs/command-line.md", "--port 6001", "pkg-template/cli/commands/serve.js", /6001/],
]
for (const [page, words, source, pattern] of LIMITS) {
  test(`${page}: "${words}" is so in ${source}`, () => {
    assert.ok(read(page).includes(words))
    assert.match(read(source), pattern)
  })
}

test("the figures about Workers are those of docs/scale.md", () => {
  const { text } = readPage("docs/workers.md")
  const { free, paid } = limits.subrequests
  assert.ok(
    text.includes(
      `${free} subrequests on the free plan and ${paid.toLocaleString("en").replace(",", " ")} on the paid one`,
    ),
  )
  assert.ok(text.includes("six connections at a time"))
  assert.equal(limits.connections, 6)
})

test("the versions of TypeScript are those that are tested", () => {
  const { devDependencies } = JSON.parse(read("js-tests/types/compilers/package.json"))
  const versions = Object.entries(devDependencies)
    .filter(([name]) => name.startsWith("typescript"))
    .map(([, version]) => /@(\d+\.\d+)/.exec(version)[1])
    .sort()
  const { text } = readPage("docs/typescript.md")
  assert.ok(text.includes(`TypeScript ${versions.slice(0, -1).join(", ")} and ${versions.at(-1)}`), String(versions))
  assert.ok(others.length > 0)
})

test("the lines of endpoints are counted as they are", () => {
  const { text, blocks } = readPage("docs/endpoints.md")
  assert.ok(text.includes("By hand"))
  const byHand = blocks
    .find(({ file }) => file === "by-hand/auth")
    .code.split("\n")
    .filter((line) => line.trim() !== "").length
  assert.ok(readPage("docs/authorising.md").text.includes(`instead of ${byHand}`), String(byHand))
})
