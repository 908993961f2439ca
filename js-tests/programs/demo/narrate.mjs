// Prints the demo's story in aligned lines.

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 }
const SYMBOLS = { done: ["✓", "green"], missing: ["✗", "red"], "left out": ["–", "yellow"], publishes: ["→", "cyan"] }
const LABEL_WIDTH = 16
const TEXT_WIDTH = 62

export const formatMilliseconds = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/**
 * Makes functions that print to `out`.
 *
 * @param {{ write: (text: string) => unknown, isTTY?: boolean }} out
 * @param {Record<string, string | undefined>} env `NO_COLOR` is respected
 */
export function makeNarrator(out, env) {
  const coloured = Boolean(out.isTTY) && !env.NO_COLOR && env.TERM !== "dumb"
  const paint = (colour, text) => (coloured ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text)
  const say = (line = "") => out.write(`${line}\n`)
  const paintSymbol = (kind) => {
    const [character, colour] = SYMBOLS[kind]
    return paint(colour, character)
  }
  const appendTime = (text, ms) =>
    ms === undefined ? text : `${text.padEnd(TEXT_WIDTH)} ${paint("dim", formatMilliseconds(ms).padStart(7))}`
  return {
    say,
    title: (text) => say(`\n${paint("bold", text)}`),
    section: (text) => say(`\n  ${paint("bold", text)}`),
    quiet: (text) => say(`  ${paint("dim", text)}`),
    /** @param {keyof typeof SYMBOLS} kind */
    line: (kind, label, text = "", ms) =>
      say(`  ${paintSymbol(kind)} ${label.padEnd(LABEL_WIDTH)} ${appendTime(text, ms)}`.trimEnd()),
    /** @param {import("./steps.mjs").Step[]} steps */
    table(steps) {
      const width = Math.max(...steps.map(({ name }) => name.length))
      const rule = paint("dim", "─".repeat(width + 12))
      say(`  ${rule}`)
      for (const { name, status, ms } of steps) {
        const [, colour] = SYMBOLS[status]
        const result =
          status === "done" ? paint("dim", formatMilliseconds(ms).padStart(8)) : paint(colour, status.padStart(8))
        say(`  ${paintSymbol(status)} ${name.padEnd(width)} ${result}`)
      }
      say(`  ${rule}`)
    },
  }
}
