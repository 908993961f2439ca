// A line on the terminal that is written again and again. Where stderr is no terminal, there is none.
import process from "node:process"

const BAR = 24

/** Makes a line of progress. */
export const makeProgress = () => {
  const { stderr } = process
  if (!stderr.isTTY) return { show() {}, clear() {} }
  return {
    /** Shows a text, after a bar if it is known how much there is in all. */
    show(text, done, all) {
      const share = all ? Math.min(done / all, 1) : undefined
      const filled = Math.round((share ?? 0) * BAR)
      const bar = `[${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${String(Math.floor((share ?? 0) * 100)).padStart(3)} % `
      const line = (share === undefined ? "" : bar) + text
      stderr.write(`\r${line.slice(0, (stderr.columns || 80) - 1)}\x1b[K`)
    },
    /** Removes it. */
    clear() {
      stderr.write("\r\x1b[K")
    },
  }
}
