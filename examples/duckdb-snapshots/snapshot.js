// Loads what Channels knows at one moment. Each request is a job of its own: one that fails is recorded, and stops no other.
import { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

/** Requests at a time. */
const CONCURRENCY = 6

/**
 * Takes the snapshot of a moment. Jobs that succeeded for this moment before are not run again: a second run adds nothing, and one after a
 * crash adds what is missing.
 *
 * @param {{ pusher: import("pusher-http-wasm").default, database: object, moment: Date, plan: { filters: object[], watched: string[] } }} options
 * @returns {Promise<{ moment: Date, loaded: Record<string, number>, skipped: number, failed: { job: string, status: number | null, error: string }[] }>}
 */
export async function takeSnapshot({ pusher, database, moment, plan }) {
  const takenAt = moment.toISOString()
  const done = new Set(
    (
      await database.query("SELECT job FROM jobs WHERE taken_at = $takenAt::TIMESTAMP AND error IS NULL", { takenAt })
    ).map(({ job }) => job),
  )
  const report = { moment, loaded: {}, skipped: 0, failed: [] }

  const runAll = async (jobs) => {
    const due = jobs.filter(({ job }) => !done.has(job))
    report.skipped += jobs.length - due.length
    for (let first = 0; first < due.length; first += CONCURRENCY) {
      for (const { job, table, rows, status, error } of await Promise.all(
        due.slice(first, first + CONCURRENCY).map(attempt),
      )) {
        const outcome = { taken_at: takenAt, job, rows_loaded: rows.length, status, error }
        await database.store({ table, rows: rows.map((row) => ({ taken_at: takenAt, ...row })), outcome })
        report.loaded[table] = (report.loaded[table] ?? 0) + rows.length
        if (error) report.failed.push({ job, status, error })
      }
    }
  }

  await runAll([makeChannelsJob(pusher), ...plan.filters.map((filter) => makeFilterJob(pusher, filter))])
  const rows = await database.query(
    "SELECT channel FROM channels WHERE taken_at = $takenAt::TIMESTAMP ORDER BY channel",
    { takenAt },
  )
  const occupied = rows.map(({ channel }) => channel)
  await runAll([
    ...[...new Set([...occupied, ...plan.watched])].map((channel) => makeStatisticsJob(pusher, channel)),
    ...occupied.filter((channel) => channel.startsWith("presence-")).map((channel) => makeUsersJob(pusher, channel)),
  ])
  return report
}

/** Runs a job. What the server refuses, and what never reaches it, is the job's outcome; any other error is a mistake of this program. */
async function attempt({ job, table, load }) {
  try {
    return { job, table, rows: await load(), status: 200, error: null }
  } catch (error) {
    if (!(error instanceof PusherRequestError || error instanceof PusherValidationError)) throw error
    const reason = error.body ? `${error.message}: ${error.body}`.trim() : error.message
    return { job, table, rows: [], status: error.status ?? null, error: reason }
  }
}

const makeChannelsJob = (pusher) => ({
  job: "channels",
  table: "channels",
  async load() {
    const { channels } = await pusher.channels()
    return Object.keys(channels).map((channel) => ({ channel }))
  },
})

/** Counts of many channels in one request. The server refuses `user_count` unless all of them are presence channels. */
const makeFilterJob = (pusher, { prefix, info }) => ({
  job: `filter ${prefix}`,
  table: "filtered_channels",
  async load() {
    const { channels } = await pusher.channels({ prefix, info })
    return Object.entries(channels).map(([channel, counts]) => ({ prefix, channel, ...pickCounts(counts) }))
  },
})

/** The state of one channel. If the channel has vanished since it was listed, the row says that it is not occupied. */
const makeStatisticsJob = (pusher, channel) => ({
  job: `statistics ${channel}`,
  table: "channel_statistics",
  async load() {
    const { occupied, cache, ...counts } = await pusher.channel(channel, { info: listAttributes(channel) })
    return [
      { channel, occupied, ...pickCounts(counts), cache_data: cache?.data ?? null, cache_seconds: cache?.ttl ?? null },
    ]
  },
})

/** The users of a presence channel: none if it has vanished since it was listed. */
const makeUsersJob = (pusher, channel) => ({
  job: `users ${channel}`,
  table: "presence_users",
  async load() {
    const { users } = await pusher.channelUsers(channel)
    return users.map(({ id }) => ({ channel, user_id: id }))
  },
})

/** Lists what may be asked of a channel: for anything else, the server answers 400. */
const listAttributes = (channel) => [
  "subscription_count",
  ...(channel.startsWith("presence-") ? ["user_count"] : []),
  ...(/^(private-encrypted-|private-|presence-)?cache-/.test(channel) ? ["cache"] : []),
]

const pickCounts = ({ subscription_count = null, user_count = null }) => ({ subscription_count, user_count })
