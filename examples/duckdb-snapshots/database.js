// The DuckDB file. Each row belongs to the moment of its snapshot, `taken_at`, in UTC.
import { DuckDBInstance } from "@duckdb/node-api"

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS channels (
    taken_at TIMESTAMP NOT NULL,
    channel VARCHAR NOT NULL,
    PRIMARY KEY (taken_at, channel)
  );
  CREATE TABLE IF NOT EXISTS filtered_channels (
    taken_at TIMESTAMP NOT NULL,
    prefix VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    subscription_count UINTEGER,
    user_count UINTEGER,
    PRIMARY KEY (taken_at, prefix, channel)
  );
  CREATE TABLE IF NOT EXISTS channel_statistics (
    taken_at TIMESTAMP NOT NULL,
    channel VARCHAR NOT NULL,
    occupied BOOLEAN NOT NULL,
    subscription_count UINTEGER,
    user_count UINTEGER,
    cache_data VARCHAR,
    cache_seconds UINTEGER,
    PRIMARY KEY (taken_at, channel)
  );
  CREATE TABLE IF NOT EXISTS presence_users (
    taken_at TIMESTAMP NOT NULL,
    channel VARCHAR NOT NULL,
    user_id VARCHAR NOT NULL,
    PRIMARY KEY (taken_at, channel, user_id)
  );
  CREATE TABLE IF NOT EXISTS jobs (
    taken_at TIMESTAMP NOT NULL,
    job VARCHAR NOT NULL,
    rows_loaded UINTEGER NOT NULL,
    status USMALLINT,
    error VARCHAR,
    PRIMARY KEY (taken_at, job)
  );
`

/** Opens the file, which is made if it is not there. One process at a time may write to it. */
export async function openDatabase(file) {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(SCHEMA)

  /** Returns the rows as objects: times and 64-bit numbers are strings. */
  const query = async (sql, parameters) => (await connection.runAndReadAll(sql, parameters)).getRowObjectsJson()

  const insert = async (table, rows, onConflict) => {
    const columns = await query("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table", {
      table,
    })
    const structure = Object.fromEntries(columns.map(({ column_name, data_type }) => [column_name, data_type]))
    await connection.run(
      `INSERT INTO ${table} SELECT unnest(from_json($rows, '${JSON.stringify([structure])}'), recursive := true) ${onConflict}`,
      { rows: JSON.stringify(rows) },
    )
  }

  return {
    query,
    /** Stores a job's rows and its outcome, both or neither. A row that is there already stays as it is. */
    async store({ table, rows, outcome }) {
      await connection.run("BEGIN")
      try {
        if (rows.length > 0) await insert(table, rows, "ON CONFLICT DO NOTHING")
        await insert(
          "jobs",
          [outcome],
          "ON CONFLICT DO UPDATE SET rows_loaded = excluded.rows_loaded, status = excluded.status, error = excluded.error",
        )
        await connection.run("COMMIT")
      } catch (error) {
        await connection.run("ROLLBACK")
        throw error
      }
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
