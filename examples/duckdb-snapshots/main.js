// npm start, npm run snapshot [-- MOMENT], npm run report
import { readFile, writeFile } from "node:fs/promises"

import Pusher from "pusher-http-wasm"

import { openDatabase } from "./database.js"
import { plotUsers } from "./plot.js"
import { questions, USERS_OVER_TIME } from "./questions.js"
import { listMoments } from "./schedule.js"
import { takeSnapshot } from "./snapshot.js"

const { DUCKDB_FILE = "channels.duckdb", PLOT_FILE = "users.svg", SNAPSHOT_SECONDS = "60" } = process.env
const interval = Number(SNAPSHOT_SECONDS) * 1000
const [command, moment = Math.floor(Date.now() / interval) * interval] = process.argv.slice(2)

const commands = {
  async schedule(take) {
    for await (const moment of listMoments({ interval })) await take(moment)
  },
  async snapshot(take) {
    await take(new Date(moment))
  },
  async report(_take, database) {
    for (const { question, sql } of questions) {
      console.log(question)
      const rows = await database.query(sql)
      if (rows.length > 0) console.table(rows)
      else console.log("  none")
    }
    const points = await database.query(USERS_OVER_TIME)
    await writeFile(PLOT_FILE, plotUsers(points))
    console.log(`${PLOT_FILE} shows ${points.length} snapshots`)
  },
}

const database = await openDatabase(DUCKDB_FILE)
try {
  await commands[command](async (moment) => {
    const plan = JSON.parse(await readFile("plan.json", "utf8"))
    printReport(await takeSnapshot({ pusher: Pusher.fromEnv(), database, moment, plan }))
  }, database)
} finally {
  database.close()
}

function printReport({ moment, loaded, skipped, failed }) {
  console.log(`snapshot of ${moment.toISOString()}`)
  for (const [table, rows] of Object.entries(loaded)) console.log(`  ${table}: ${rows} rows`)
  if (skipped > 0) console.log(`  ${skipped} jobs had succeeded before`)
  for (const { job, error } of failed) console.log(`  failed: ${job}: ${error}`)
}
