import Pusher, { PusherRequestError } from "pusher-http-wasm"

import { DurableObject } from "cloudflare:workers"

/** How old a webhook may be that `webhookHandler` accepts, in milliseconds. */
const WEBHOOK_MAX_AGE = 600_000

/** Keeps who is online in one presence channel. Webhooks change it, and an alarm compares it with what Channels says. */
export class PresenceChannel extends DurableObject {
  #sql
  #storage
  #reconciliation
  /** Users whom webhooks have changed since the reconciliation began, which then knows less of them. */
  #changed = new Set()

  constructor(ctx, env) {
    super(ctx, env)
    this.#storage = ctx.storage
    this.#sql = ctx.storage.sql
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS users (user_id TEXT PRIMARY KEY, is_online INTEGER NOT NULL, changed_at INTEGER NOT NULL)",
    )
  }

  /** Takes an event of a webhook. One that is older than what is known of the user changes nothing: webhooks may arrive late, or twice. */
  async change({ channel, userId, isOnline, time }) {
    this.#storage.kv.put("channel", channel)
    this.#changed.add(userId)
    this.#sql.exec(
      `INSERT INTO users VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET is_online = excluded.is_online, changed_at = excluded.changed_at WHERE excluded.changed_at >= changed_at`,
      userId,
      Number(isOnline),
      time,
    )
    await this.#setAlarm()
  }

  /** Lists the users. Asks Channels first if nothing was compared for longer than the alarm's interval, as before the first webhook. */
  async listOnline(channel) {
    this.#storage.kv.put("channel", channel)
    if (Date.now() - (this.#storage.kv.get("reconciledAt") ?? 0) > this.#interval) await this.#reconcileOnce()
    return this.#readOnline()
  }

  async alarm() {
    await this.#reconcileOnce()
  }

  get #interval() {
    return Number(this.env.RECONCILE_SECONDS) * 1000
  }

  /** Sets the next alarm, unless it is set or there is nothing to compare. */
  async #setAlarm() {
    const [{ users }] = this.#sql.exec("SELECT count(*) AS users FROM users")
    if (users > 0 && (await this.#storage.getAlarm()) === null)
      await this.#storage.setAlarm(Date.now() + this.#interval)
  }

  #readOnline() {
    return [...this.#sql.exec("SELECT user_id FROM users WHERE is_online ORDER BY user_id")].map(
      ({ user_id: id }) => id,
    )
  }

  /** An alarm and a reader may need it at the same time. */
  #reconcileOnce() {
    this.#reconciliation ??= this.#reconcile().finally(() => {
      this.#reconciliation = undefined
      return this.#setAlarm()
    })
    return this.#reconciliation
  }

  /** Makes the list what Channels says. If Channels cannot be asked, the list stays as it is until the next alarm. */
  async #reconcile() {
    this.#changed.clear()
    const channel = this.#storage.kv.get("channel")
    let users
    try {
      ;({ users } = await Pusher.fromEnv(this.env).channelUsers(channel))
    } catch (error) {
      if (!(error instanceof PusherRequestError)) throw error
      console.error(`The users of ${channel} were not compared: ${error.message}`)
      return
    }
    const present = new Set(users.map(({ id }) => id))
    this.#storage.transactionSync(() => {
      for (const userId of this.#readOnline()) {
        if (!present.has(userId)) this.#correct(userId, 0)
      }
      for (const userId of present) this.#correct(userId, 1)
      // No webhook that is still accepted is older than these.
      this.#sql.exec("DELETE FROM users WHERE NOT is_online AND changed_at < ?", Date.now() - WEBHOOK_MAX_AGE)
    })
    this.#storage.kv.put("reconciledAt", Date.now())
  }

  #correct(userId, isOnline) {
    if (this.#changed.has(userId)) return
    this.#sql.exec(
      "INSERT INTO users VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET is_online = excluded.is_online",
      userId,
      isOnline,
    )
  }
}
