// Runs examples/duckdb-snapshots as a user would, with a real DuckDB file, against channels that pusher-js clients occupy.
import assert from "node:assert/strict"
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { after, before, test } from "node:test"
import { promisify } from "node:util"

import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { installTools } from "../packaging/tools.mjs"
import { Subscriber } from "../real/subscriber.mjs"
import { makeClientSettings } from "../real/targets.mjs"
import { installPacked } from "../support/packed.mjs"
import { copyExample } from "./projects.mjs"

const execute = promisify(execFile)
const DEADLINE = 60_000
const MINUTE = 60_000
const start = Date.parse("2026-01-31T10:00:00Z")

let installed
let server
let url
let folder
let example
let pusher
before(async () => {
  installed = await installPacked()
  await symlink(join(await installTools("duckdb"), "@duckdb"), join(installed.folder, "node_modules/@duckdb"), "dir")
  folder = await copyExample("duckdb-snapshots", installed.folder)
  // Its clock stands still, so that cached events keep their time to live.
  const now = Date.now()
  server = await startLocalChannels({ now: () => now })
  const { key, secret, id } = server.apps[0]
  url = `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}`
  const { default: Pusher } = await import(join(installed.folder, "node_modules/pusher-http-wasm/index.js"))
  pusher = Pusher.forURL(url)
  example = Object.assign(
    {},
    ...(await Promise.all(["database", "schedule", "snapshot"].map((name) => import(join(folder, `${name}.js`))))),
  )
})
after(async () => {
  await server?.close()
  await installed?.remove()
})

/** Connects a client of pusher-js, which may join any channel as this user. */
const connect = async (t, user) => {
  const client = new Subscriber({ ...makeClientSettings(url), deadline: DEADLINE })
  t.after(() => client.close())
  const socketId = await client.waitForConnection()
  return {
    async join(channel) {
      const member = channel.startsWith("presence-") ? { user_id: user } : undefined
      const isPublic = !/^(private|presence)-/.test(channel)
      const { subscribed } = await client.subscribe(
        channel,
        isPublic ? undefined : pusher.authorizeChannel(socketId, channel, member),
      )
      assert.ok(subscribed)
    },
    /** Leaves a channel. Resolves when the server knows, which answers in order. */
    async leave(channel) {
      client.unsubscribe(channel)
      await client.subscribe("left")
      client.unsubscribe("left")
      await client.subscribe("sync")
      client.unsubscribe("sync")
      while (server.apps[0].channels.has("sync")) await new Promise(setImmediate)
    },
  }
}

/** What the report prints, without the frames of its tables, which differ between versions of Node. */
const REPORT = `
When did each presence channel have most users?
(index) channel users taken_at
0 'presence-lobby' 2 '2026-01-31 10:00:00'
1 'presence-late' 1 '2026-01-31 10:02:00'
2 'presence-quiet' 0 '2026-01-31 10:01:00'
Who was seen most often?
(index) user_id snapshots first_seen last_seen
0 'ada' 4 '2026-01-31 10:00:00' '2026-01-31 10:03:00'
1 'bob' 3 '2026-01-31 10:00:00' '2026-01-31 10:02:00'
Which channels came or went between the last two snapshots?
(index) channel change
0 'presence-late' 'went'
users.svg shows 4 snapshots
`
const removeFrames = (text) => `\n${text}`.replace(/[─┌┬┐├┼┤└┴┘│ ]+/g, " ").replace(/ *\n\s*/g, "\n")

const TABLES = ["channels", "filtered_channels", "channel_statistics", "presence_users", "jobs"]
/** Reads all tables, each row as a list without its moment. */
const readTables = async (database, minute) => {
  const moment = new Date(start + minute * MINUTE).toISOString()
  const tables = {}
  for (const table of TABLES) {
    const rows = await database.query(
      `SELECT * EXCLUDE taken_at FROM ${table} WHERE taken_at = $moment::TIMESTAMP ORDER BY ALL`,
      { moment },
    )
    tables[table] = rows.map(Object.values)
  }
  return tables
}
const countRows = async (database) =>
  Object.fromEntries(
    await Promise.all(
      TABLES.map(async (table) => [
        table,
        (await database.query(`SELECT count(*)::INTEGER AS rows FROM ${table}`))[0].rows,
      ]),
    ),
  )

const runScript = async (file, ...args) => {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, NO_COLOR: "1", PUSHER_URL: url, DUCKDB_FILE: file }
  const { stdout, stderr } = await execute("npm", ["run", "--silent", ...args], { cwd: folder, env })
  assert.equal(stderr, "")
  return stdout
}

const plan = {
  filters: [
    { prefix: "presence-", info: ["user_count", "subscription_count"] },
    // Refused: these are no presence channels.
    { prefix: "news", info: ["user_count"] },
  ],
  watched: ["news", "no channel"],
}

test("loads snapshots of channels as they change, each once", async (t) => {
  const database = await example.openDatabase(join(folder, "channels.duckdb"))
  let isOpen = true
  const close = () => {
    if (isOpen) database.close()
    isOpen = false
  }
  t.after(close)
  const take = (minute) => example.takeSnapshot({ pusher, database, moment: new Date(start + minute * MINUTE), plan })

  const [ada, ada2, bob] = [await connect(t, "ada"), await connect(t, "ada"), await connect(t, "bob")]
  for (const client of [ada, ada2, bob]) await client.join("presence-lobby")
  await ada.join("private-cache-scores")
  await bob.join("news")
  await pusher.trigger("private-cache-scores", "score", { home: 1 })

  await t.test("the first", async () => {
    const refused = { status: 400, error: /^Unexpected status code 400: Only presence channels have a user_count/ }
    const { loaded, skipped, failed } = await take(0)
    assert.deepEqual(loaded, { channels: 3, filtered_channels: 1, channel_statistics: 3, presence_users: 2 })
    assert.equal(skipped, 0)
    assert.deepEqual(
      failed.map(({ job, status }) => [job, status]),
      [
        ["filter news", 400],
        ["statistics no channel", null],
      ],
    )
    assert.match(failed[0].error, refused.error)
    assert.match(failed[1].error, /^Invalid channel name/)
    assert.deepEqual(await readTables(database, 0), {
      channels: [["news"], ["presence-lobby"], ["private-cache-scores"]],
      filtered_channels: [["presence-", "presence-lobby", 3, 2]],
      channel_statistics: [
        ["news", true, 1, null, null, null],
        ["presence-lobby", true, 3, 2, null, null],
        ["private-cache-scores", true, 1, null, '{"home":1}', 1800],
      ],
      presence_users: [
        ["presence-lobby", "ada"],
        ["presence-lobby", "bob"],
      ],
      jobs: [
        ["channels", 3, 200, null],
        ["filter news", 0, 400, failed[0].error],
        ["filter presence-", 1, 200, null],
        ["statistics news", 1, 200, null],
        ["statistics no channel", 0, null, failed[1].error],
        ["statistics presence-lobby", 1, 200, null],
        ["statistics private-cache-scores", 1, 200, null],
        ["users presence-lobby", 2, 200, null],
      ],
    })
  })

  await t.test("one while a channel vanishes after it was listed", async (st) => {
    await bob.leave("news")
    await bob.join("presence-quiet")
    let hasLeft
    st.after(
      server.intercept(async ({ path }) => {
        if (!path.includes("/channels/presence-quiet")) return
        hasLeft ??= bob.leave("presence-quiet")
        await hasLeft
      }),
    )
    const { loaded, failed } = await take(1)
    assert.deepEqual(loaded, { channels: 3, filtered_channels: 2, channel_statistics: 4, presence_users: 2 })
    assert.equal(failed.length, 2)
    const { jobs, ...tables } = await readTables(database, 1)
    assert.deepEqual(tables, {
      channels: [["presence-lobby"], ["presence-quiet"], ["private-cache-scores"]],
      filtered_channels: [
        ["presence-", "presence-lobby", 3, 2],
        ["presence-", "presence-quiet", 1, 1],
      ],
      channel_statistics: [
        // Watched, though nobody is there.
        ["news", false, 0, null, null, null],
        ["presence-lobby", true, 3, 2, null, null],
        ["presence-quiet", false, 0, 0, null, null],
        ["private-cache-scores", true, 1, null, '{"home":1}', 1800],
      ],
      presence_users: [
        ["presence-lobby", "ada"],
        ["presence-lobby", "bob"],
      ],
    })
    assert.deepEqual(
      jobs.filter(([job]) => job.endsWith("presence-quiet")),
      [
        ["statistics presence-quiet", 1, 200, null],
        ["users presence-quiet", 0, 200, null],
      ],
    )
  })

  await t.test("the same moment again, which adds nothing and asks only for what failed", async () => {
    const [first, second] = [await readTables(database, 0), await readTables(database, 1)]
    const counts = await countRows(database)
    await bob.join("presence-late")
    const from = server.requests.length
    const { loaded, skipped, failed } = await take(1)
    assert.deepEqual(loaded, { filtered_channels: 0, channel_statistics: 0 })
    assert.equal(skipped, 8)
    assert.equal(failed.length, 2)
    assert.deepEqual(
      server.requests.slice(from).map(({ path, params }) => [path, params.filter_by_prefix]),
      [["/apps/app-id/channels", "news"]],
    )
    assert.deepEqual(await countRows(database), counts)
    assert.deepEqual([await readTables(database, 0), await readTables(database, 1)], [first, second])
  })

  await t.test("one that fails, and is completed later", async () => {
    for (const fault of [{ status: 503, body: "down" }, { reset: true }]) {
      const undo = server.intercept(() => fault)
      const { loaded, failed } = await take(2)
      undo()
      assert.deepEqual(loaded, { channels: 0, filtered_channels: 0, channel_statistics: 0 })
      // The channel that is watched, and the three that need no list.
      assert.deepEqual(
        failed.map(({ job, status }) => [job, status]),
        ["channels", "filter presence-", "filter news", "statistics news", "statistics no channel"].map((job) => [
          job,
          job.endsWith("no channel") ? null : (fault.status ?? null),
        ]),
      )
    }
    assert.deepEqual((await readTables(database, 2)).channels, [])
    const { failed } = await take(2)
    assert.deepEqual(
      failed.map(({ job }) => job),
      ["filter news", "statistics no channel"],
    )
    const { channels, presence_users } = await readTables(database, 2)
    assert.deepEqual(channels, [["presence-lobby"], ["presence-late"], ["private-cache-scores"]].sort())
    assert.deepEqual(presence_users, [
      ["presence-late", "bob"],
      ["presence-lobby", "ada"],
      ["presence-lobby", "bob"],
    ])
  })

  await t.test("none yet, which the report says", async () => {
    const questions = (await runScript("empty.duckdb", "report")).split("\n").filter((line) => !line.endsWith("?"))
    assert.deepEqual(questions, ["  none", "  none", "  none", "users.svg shows 0 snapshots", ""])
  })

  await t.test("one from the command line, and the answers to the questions", async () => {
    close()
    await writeFile(join(folder, "plan.json"), JSON.stringify({ filters: plan.filters, watched: [] }))
    await bob.leave("presence-lobby")
    await bob.leave("presence-late")
    assert.equal(
      await runScript("channels.duckdb", "snapshot", "2026-01-31T10:03:00Z"),
      `snapshot of 2026-01-31T10:03:00.000Z
  channels: 2 rows
  filtered_channels: 1 rows
  channel_statistics: 2 rows
  presence_users: 1 rows
  failed: filter news: Unexpected status code 400: Only presence channels have a user_count: filter_by_prefix must begin with presence-
`,
    )
    assert.equal(removeFrames(await runScript("channels.duckdb", "report")), REPORT)
    assertWellFormed(await readFile(join(folder, "users.svg"), "utf8"), [2, 2, 2, 1])
  })
})

test("keeps its snapshots when it is killed", async () => {
  const env = { PATH: process.env.PATH, PUSHER_URL: url, DUCKDB_FILE: "killed.duckdb" }
  const child = spawn(process.execPath, ["main.js", "schedule"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  })
  const closed = once(child, "close")
  for await (const line of createInterface(child.stdout)) if (line.includes("channels: ")) break
  child.kill("SIGKILL")
  await closed
  const database = await example.openDatabase(join(folder, "killed.duckdb"))
  const [{ jobs }] = await database.query(
    "SELECT count(*)::INTEGER AS jobs FROM jobs WHERE job = 'channels' AND error IS NULL",
  )
  database.close()
  assert.ok(jobs >= 1)
})

test("is due at multiples of the interval, and leaves out those that a slow snapshot misses", async () => {
  let now = start + 12_000
  const slept = []
  const sleep = async (milliseconds) => {
    slept.push(milliseconds)
    // The first timer fires early, as Node's may.
    now += slept.length === 1 ? milliseconds - 1 : milliseconds
  }
  const moments = example.listMoments({ interval: MINUTE, now: () => now, sleep })
  const next = async () => ((await moments.next()).value - start) / MINUTE
  assert.equal(await next(), 0)
  assert.equal(await next(), 1)
  assert.deepEqual(slept, [48_000, 1])
  now += 2.5 * MINUTE
  assert.equal(await next(), 3)
  assert.equal(await next(), 4)
  assert.deepEqual(slept, [48_000, 1, 30_000])
})

/** Asserts that the plot is well-formed XML, whose points have these numbers of users, in order of time. */
function assertWellFormed(svg, users) {
  const open = []
  const attributes = []
  let at = 0
  const token = /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*")*)(\/?)>|[^<&>]+/gy
  for (let match = token.exec(svg); match; match = token.exec(svg)) {
    at = token.lastIndex
    const [, end, name, pairs, isEmpty] = match
    if (name === undefined) continue
    if (end) assert.equal(open.pop(), name)
    else if (!isEmpty) open.push(name)
    if (name === "circle" && !end)
      attributes.push(
        Object.fromEntries([...pairs.matchAll(/([a-z]+)="(.*?)"/g)].map(([, key, value]) => [key, Number(value)])),
      )
  }
  assert.equal(at, svg.length, `not well-formed: ${svg.slice(at, at + 80)}`)
  assert.deepEqual(open, [])
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 720 320"/)
  assert.deepEqual(
    [...svg.matchAll(/UTC: (\d+)</g)].map(([, number]) => Number(number)),
    users,
  )
  const [xs, ys] = [attributes.map(({ cx }) => cx), attributes.map(({ cy }) => cy)]
  assert.deepEqual(
    xs,
    [...xs].sort((one, other) => one - other),
  )
  const [least, most] = [Math.min(...users), Math.max(...users)]
  const [low, high] = [ys[users.indexOf(least)], ys[users.indexOf(most)]]
  assert.ok(high < low, "more users are higher up")
  assert.deepEqual(
    ys,
    users.map((number) => (number === most ? high : low)),
  )
}
