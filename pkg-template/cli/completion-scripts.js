// Shell completion, made from the table of commands.
import { OVERALL_OPTIONS, optionsOf } from "./arguments.js"

const PROGRAM = "pusher-http-wasm"

const flagsOf = (options) => options.map(({ name }) => `--${name}`).join(" ")
/** Returns the options whose values are one of a few, or files. */
const valuesOf = (command) => [
  ...command.options.filter(({ choices }) => choices).map(({ name, choices }) => [`--${name}`, choices]),
]
const choicesOf = ({ parameters }) => parameters.flatMap(({ choices = [] }) => choices)

const bash = (commands) => `_pusher_http_wasm() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  case "\${COMP_WORDS[1]} $previous" in
${commands
  .flatMap((command) =>
    valuesOf(command).map(([flag, choices]) => `    "${command.name} ${flag}") words="${choices.join(" ")}" ;;`),
  )
  .join("\n")}
  esac
  if [ -z "$words" ]; then
    if [ "$COMP_CWORD" -eq 1 ]; then
      words="${commands.map(({ name }) => name).join(" ")} ${flagsOf(OVERALL_OPTIONS)}"
    else
      case "\${COMP_WORDS[1]}" in
${commands
  .map((command) => {
    const words = [...choicesOf(command), flagsOf(optionsOf(command))].join(" ")
    return `        ${command.name}) words="${words}" ;;`
  })
  .join("\n")}
      esac
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _pusher_http_wasm ${PROGRAM}
`

/** Quotes a text for zsh and fish. */
const quote = (text) => `'${text.replaceAll("'", "’")}'`
/** Escapes what means something in zsh's descriptions. */
const escapeZsh = (text) => text.replace(/[\\:[\]]/g, "\\$&")

const zsh = (commands) => `#compdef ${PROGRAM}
_pusher_http_wasm() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${escapeZsh(summary)}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${commands
  .map((command) => {
    const options = optionsOf(command).map(({ name, label, text, choices }) => {
      const value = label ? `:${label}:${choices ? `(${choices.join(" ")})` : "_files"}` : ""
      return quote(`--${name}[${escapeZsh(text)}]${value}`)
    })
    const choices = choicesOf(command)
    const parameters =
      choices.length > 0 ? `1:${command.parameters[0].label}:(${choices.join(" ")})` : "*:argument:_files"
    return `    ${command.name}) _arguments ${[...options, quote(parameters)].join(" ")} ;;`
  })
  .join("\n")}
  esac
}
compdef _pusher_http_wasm ${PROGRAM}
`

const fish = (commands) => {
  const line = (condition, ...rest) => `complete -c ${PROGRAM} -n ${quote(condition)} ${rest.join(" ")}`
  const isCommand = ({ name }) => `__fish_seen_subcommand_from ${name}`
  /** @param {string} condition @param {import("./arguments.js").Option} option */
  const optionLine = (condition, { name, label, text, choices }) => {
    const value = label ? [choices ? `-x -a ${quote(choices.join(" "))}` : "-r"] : []
    return line(condition, `-l ${name}`, ...value, `-d ${quote(text)}`)
  }
  return `${[
    ...commands.map(({ name, summary }) => line("__fish_use_subcommand", `-f -a ${name}`, `-d ${quote(summary)}`)),
    ...OVERALL_OPTIONS.map((option) => optionLine("__fish_use_subcommand", option)),
    ...commands.flatMap((command) => [
      ...optionsOf(command).map((option) => optionLine(isCommand(command), option)),
      ...(choicesOf(command).length > 0
        ? [line(isCommand(command), `-f -a ${quote(choicesOf(command).join(" "))}`)]
        : []),
    ]),
  ].join("\n")}\n`
}

/** The shells, each with a function that makes its script of the commands. */
export const shells = { bash, zsh, fish }
