// Snapshots that failed are left out, so that they do not look like moments without users.
export const USERS_OVER_TIME = `
  SELECT taken_at, count(DISTINCT user_id)::INTEGER AS users
  FROM jobs LEFT JOIN presence_users USING (taken_at)
  WHERE job = 'channels' AND error IS NULL
  GROUP BY taken_at ORDER BY taken_at`

export const questions = [
  {
    question: "When did each presence channel have most users?",
    sql: `
      SELECT channel, max(user_count) AS users, arg_max(taken_at, user_count) AS taken_at
      FROM channel_statistics WHERE user_count IS NOT NULL
      GROUP BY channel ORDER BY users DESC, channel LIMIT 10`,
  },
  {
    question: "Who was seen most often?",
    sql: `
      SELECT user_id, count(DISTINCT taken_at)::INTEGER AS snapshots, min(taken_at) AS first_seen, max(taken_at) AS last_seen
      FROM presence_users GROUP BY user_id ORDER BY snapshots DESC, user_id LIMIT 10`,
  },
  {
    question: "Which channels came or went between the last two snapshots?",
    sql: `
      WITH moments AS (
        SELECT taken_at, row_number() OVER (ORDER BY taken_at DESC) AS age
        FROM jobs WHERE job = 'channels' AND error IS NULL
      ),
      newer AS (SELECT channel FROM channels JOIN moments USING (taken_at) WHERE age = 1),
      older AS (SELECT channel FROM channels JOIN moments USING (taken_at) WHERE age = 2)
      SELECT channel, 'came' AS change FROM newer ANTI JOIN older USING (channel)
      UNION ALL
      SELECT channel, 'went' AS change FROM older ANTI JOIN newer USING (channel)
      ORDER BY channel`,
  },
]
