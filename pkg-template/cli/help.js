// The help, made from the table of commands. Each page fits 24 lines of 80 columns, with a line left for the prompt.
import { OVERALL_OPTIONS, optionsOf } from "./arguments.js"

const WIDTH = 80

/** Breaks words into lines, each after `indent` spaces. */
const wrap = (text, indent = 0) => {
  const lines = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line += line === "" ? word : ` ${word}`
  }
  return [...lines, line].map((one) => " ".repeat(indent) + one)
}

/** Lays out pairs of a label and a text in two columns. */
const layOut = (pairs) => {
  const column = Math.max(...pairs.map(([label]) => label.length)) + 4
  return pairs.flatMap(([label, text]) => {
    const [first, ...others] = wrap(text, column)
    return [`  ${label}`.padEnd(column) + first.slice(column), ...others]
  })
}

/** @param {import("./arguments.js").Option} option */
const labelOf = ({ name, label }) => `--${name}${label ? ` ${label}` : ""}`
const bracket = (text, isOptional) => (isOptional ? `[${text}]` : text)

/** Returns how a command is called, without its options that may be left out. */
const usageOf = ({ name, parameters, options }) =>
  [
    `pusher-http-wasm ${name}`,
    ...options.filter(({ isRequired }) => isRequired).map(labelOf),
    ...parameters.map(({ label, isOptional, isRepeated }) => bracket(label + (isRepeated ? "…" : ""), isOptional)),
    "[OPTION…]",
  ].join(" ")

const SETTINGS =
  "Settings: --url; else environment variables, as Pusher.fromEnv reads them, such as PUSHER_URL; else those of .env, then of " +
  ".dev.vars, in this folder."

/** Returns the help of the program. */
export const describeCommands = (commands) =>
  [
    "Usage: pusher-http-wasm COMMAND [ARGUMENT…] [OPTION…]",
    ...layOut(commands.map(({ name, summary }) => [name, summary])),
    ...layOut(OVERALL_OPTIONS.map((option) => [labelOf(option), option.text])),
    ...wrap(SETTINGS),
    "Exit codes: 0 done, 1 the server or a check refused, 2 wrong use.",
  ].join("\n")

/** Returns the help of a command. */
export const describeCommand = (command) => {
  const { summary, parameters, notes = [], example } = command
  const options = optionsOf(command)
  const pairs = [
    ...parameters.map(({ label, text }) => [label, text]),
    ...options.map((option) => [labelOf(option), option.text]),
  ]
  return [
    ...wrap(`Usage: ${usageOf(command)}`),
    ...wrap(`${summary}.`),
    "",
    ...layOut(pairs),
    "",
    ...notes.flatMap((note) => wrap(note)),
    ...(options.some(({ name }) => name === "url") ? wrap(SETTINGS) : []),
    `Example: ${example}`,
  ].join("\n")
}
