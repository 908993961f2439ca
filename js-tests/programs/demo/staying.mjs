// What the demo does after its steps: it keeps the console, if a person is there to look at it.
import { spawn } from "node:child_process"

/**
 * Tells whether to keep everything running after the steps: on a terminal, unless in CI.
 *
 * @param {Record<string, string | undefined>} env `STAY=1` and `OPEN=1` keep it everywhere, `STAY=0` nowhere
 * @param {{ isTTY?: boolean }} out
 */
export const wantsToStay = ({ STAY, OPEN, CI }, { isTTY }) =>
  STAY === "0" ? false : Boolean(STAY || OPEN || (isTTY && !CI))

const OPENERS = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }

/** Opens a page in the browser: that of `BROWSER`, or the system's. Resolves to whether there is one. */
export function openPage(url, { BROWSER }) {
  const [command, ...args] = BROWSER ? [BROWSER] : (OPENERS[process.platform] ?? ["xdg-open"])
  return new Promise((resolve) => {
    const opener = spawn(command, [...args, url], { stdio: "ignore", detached: true })
    opener.once("spawn", () => resolve(true))
    opener.once("error", () => resolve(false))
    opener.unref()
  })
}
