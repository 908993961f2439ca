import { setTimeout as sleepFor } from "node:timers/promises"

/**
 * Yields the moments at which snapshots are due: multiples of `interval`, beginning with the last one. While a snapshot takes longer than
 * that, the moments that pass are left out.
 *
 * @param {{ interval: number, now?: () => number, sleep?: (milliseconds: number) => Promise<unknown> }} options in milliseconds
 */
export async function* listMoments({ interval, now = Date.now, sleep = sleepFor }) {
  let last
  while (true) {
    const moment = Math.floor(now() / interval) * interval
    if (moment === last) {
      await sleep(moment + interval - now())
    } else {
      last = moment
      yield new Date(moment)
    }
  }
}
