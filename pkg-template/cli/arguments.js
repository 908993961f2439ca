// Reads the arguments by the table of commands. Messages name options and parameters but never show values: one may be a secret.
import { parseArgs } from "node:util"

import { UsageError } from "./errors.js"

/**
 * @typedef {object} Parameter
 * @property {string} name the member that `run` gets
 * @property {string} label as the help shows it
 * @property {string} text what it is
 * @property {boolean} [isOptional]
 * @property {boolean} [isRepeated] takes all further arguments, as a list
 * @property {string[]} [choices]
 */
/**
 * @typedef {object} Option
 * @property {string} name without dashes
 * @property {string} [label] of its value; a flag has none
 * @property {string} text what it does
 * @property {boolean} [isRequired]
 * @property {string[]} [choices]
 * @property {boolean} [isCount] a whole number
 */
/**
 * @typedef {object} Command
 * @property {string} name
 * @property {string} summary
 * @property {Parameter[]} parameters
 * @property {Option[]} options
 * @property {string[]} [common] the names of common options that it takes; all by default
 * @property {string[]} [notes] what else the help says
 * @property {string} example
 * @property {(context: any) => any} run resolves to the exit code; `undefined` is 0
 */

/** The options of all commands. @type {Option[]} */
export const COMMON_OPTIONS = [
  { name: "url", label: "URL", text: "The app: https://KEY:SECRET@HOST/apps/APP_ID" },
  { name: "json", text: "Print JSON, for programs; errors too" },
  { name: "help", text: "Show this help" },
]
/** The options without a command. @type {Option[]} */
export const OVERALL_OPTIONS = [...COMMON_OPTIONS, { name: "version", text: "Show the version" }]

/** Returns all options of a command; without one, those of the program. @returns {Option[]} */
export const optionsOf = (command) => {
  if (!command) return OVERALL_OPTIONS
  const { common = COMMON_OPTIONS.map(({ name }) => name), options } = command
  return [...options, ...COMMON_OPTIONS.filter(({ name }) => common.includes(name))]
}

/** Returns words for a message, unless they may be more than a name. */
const quote = (text) => (/^(-.|-{0,2}[a-z][a-z-]*)$/.test(text) && text.length <= 30 ? ` \`${text}\`` : "")

/**
 * Parses arguments.
 * @param {Command[]} commands
 * @param {string[]} argv
 */
export const parseArguments = (commands, argv) => {
  const flags = OVERALL_OPTIONS.filter(({ label }) => !label).map(({ name }) => `--${name}`)
  // The command is the first argument that is no option of all commands.
  const at = argv.findIndex(
    (argument, index) => !flags.includes(argument) && argument !== "-h" && !isOfUrl(argv, index),
  )
  const name = at < 0 || argv[at].startsWith("-") ? undefined : argv[at]
  if (name === "help") return parseArguments(commands, [...argv.toSpliced(at, 1), "--help"])
  const command = commands.find((one) => one.name === name)
  if (name !== undefined && !command) {
    throw new UsageError(`There is no command${quote(name)}`, "`pusher-http-wasm --help` lists the commands.")
  }
  const rest = command ? argv.toSpliced(at, 1) : argv
  const hint = `\`pusher-http-wasm ${command ? `${command.name} ` : ""}--help\` shows what is allowed.`
  const { values, positionals } = parseTokens(optionsOf(command), rest, hint)
  // Whoever asks for help need not have got the rest right.
  const isAsking = values.help || values.version || !command
  return { command, options: values, parameters: isAsking ? {} : readParameters(command, values, positionals, hint) }
}

/** Tells whether an argument is `--url`, or its value. */
const isOfUrl = (argv, index) =>
  argv[index] === "--url" || argv[index].startsWith("--url=") || argv[index - 1] === "--url"

const parseTokens = (options, argv, hint) => {
  const settings = options.map(({ name, label }) => [
    name,
    { type: label ? "string" : "boolean", ...(name === "help" && { short: "h" }) },
  ])
  const { tokens } = parseArgs({
    args: argv,
    options: Object.fromEntries(settings),
    // The messages of hosts differ, and show values.
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  /** @type {Record<string, any>} */
  const values = {}
  const positionals = []
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value)
    if (token.kind !== "option") continue
    const option = options.find(({ name }) => name === token.name)
    if (!option) throw new UsageError(`There is no option${quote(token.rawName)} here`, hint)
    const flag = `--${option.name}`
    if (!option.label && token.value !== undefined) throw new UsageError(`${flag} takes no value`, hint)
    // As in `--url --json`. A value that begins with a dash is written `--url=-…`.
    const isOption = /^-./.test(token.value ?? "") && !token.inlineValue
    if (option.label && (!token.value || isOption))
      throw new UsageError(`${flag} needs a value: ${flag} ${option.label}`, hint)
    if (option.name in values && option.label) throw new UsageError(`${flag} is given twice`, hint)
    values[option.name] = option.label ? readValue(option, flag, token.value, hint) : true
  }
  return { values, positionals }
}

const readValue = ({ isCount, choices }, flag, value, hint) => {
  if (isCount && !/^\d{1,9}$/.test(value)) throw new UsageError(`${flag} must be a whole number`, hint)
  if (choices && !choices.includes(value)) throw new UsageError(`${flag} must be ${choices.join(" or ")}`, hint)
  return isCount ? Number(value) : value
}

const readParameters = (command, values, positionals, hint) => {
  for (const { name, label, isRequired } of command.options) {
    if (isRequired && !(name in values)) throw new UsageError(`--${name} ${label} is missing`, hint)
  }
  const rest = [...positionals]
  const parameters = {}
  for (const { name, label, isOptional, isRepeated, choices } of command.parameters) {
    const value = isRepeated ? rest.splice(0) : rest.shift()
    if (value === undefined && !isOptional) throw new UsageError(`${label} is missing`, hint)
    if (choices && !choices.includes(value)) throw new UsageError(`${label} must be ${choices.join(" or ")}`, hint)
    parameters[name] = value
  }
  if (rest.length > 0) {
    const count = positionals.length - rest.length
    throw new UsageError(`Too many arguments: ${positionals.length} instead of ${count === 0 ? "none" : count}`, hint)
  }
  return parameters
}
