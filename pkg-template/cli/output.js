// What a command prints: results on stdout, everything else on stderr. Colours only on a terminal, and never with NO_COLOR.
import process from "node:process"

import { describeError } from "./errors.js"

/** Characters of the shortest secret that is looked for. */
const MIN_SECRET = 8
const COLOURS = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2 }

const escapeControl = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
/** What a terminal would obey, and what shows a text in another order than it has. Not tabs and line feeds. */
const CONTROLS = /(?![\t\n])[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu
/** Replaces such characters by their escapes. */
const clean = (text) => text.replace(CONTROLS, escapeControl)
/** Does so with line feeds as well: a result is one line, whatever is in an event. */
const cleanLine = (text) => clean(text).replaceAll("\n", escapeControl)
/** Returns a value as JSON, without the control characters that `JSON.stringify` leaves. */
const toJson = (value) => clean(JSON.stringify(value))

const hasColours = (stream) => Boolean(stream.isTTY) && !process.env.NO_COLOR && process.env.TERM !== "dumb"

/** Ends the program quietly when nobody reads its output any more, as after `| head`. */
const endWithReader = (stream) =>
  stream.on("error", (error) => {
    if (error.code === "EPIPE") process.exit(0)
    throw error
  })

/**
 * Makes the output of a command.
 * @param {boolean} isJson whether `--json` was given
 */
export const makeOutput = (isJson) => {
  const { stdout, stderr } = process
  if (stdout.listenerCount("error") === 0) for (const stream of [stdout, stderr]) endWithReader(stream)

  const hidden = []
  /** Writes a text without the app's secrets, whoever put them there. */
  const write = (stream, text) => stream.write(hidden.reduce((shown, one) => shown.replaceAll(one, "(hidden)"), text))

  /** Writes a line of parts, each a text or a pair of a colour and a text. */
  const writeLine = (stream, parts, cleanPart = clean) => {
    const isColoured = hasColours(stream)
    const paint = (part) => {
      const [colour, text] = typeof part === "string" ? [undefined, part] : part
      return colour && isColoured ? `\x1b[${COLOURS[colour]}m${cleanPart(text)}\x1b[0m` : cleanPart(text)
    }
    write(stream, `${parts.map(paint).join("")}\n`)
  }
  return {
    isJson,
    /** Keeps secrets out of everything that is printed from now on. One of a few characters would be found in other words. */
    hide: (secrets) => void hidden.push(...secrets.filter((secret) => secret?.length >= MIN_SECRET)),
    /** Prints a text that is the same with `--json`. Returns the exit code 0. */
    print(text) {
      write(stdout, `${text}\n`)
      return 0
    },
    /** Prints a value as JSON, with `--json` or without. Returns the exit code 0. */
    printJson(value) {
      write(stdout, `${toJson(value)}\n`)
      return 0
    },
    /** Prints a result: with `--json` as one line of JSON, otherwise as lines of parts. */
    result(value, ...lines) {
      if (isJson) write(stdout, `${toJson(value)}\n`)
      else for (const parts of lines) writeLine(stdout, parts, cleanLine)
    },
    /** Tells a person what is going on. */
    note: (...parts) => writeLine(stderr, parts),
    /** Reports an error: with `--json` as `{ "error": … }` on stdout. */
    fail(error) {
      const shown = describeError(error)
      if (isJson) {
        write(stdout, `${toJson({ error: shown })}\n`)
        return
      }
      const { message, hint, body } = shown
      writeLine(stderr, [["red", "Error: "], message])
      if (body) writeLine(stderr, ["The server says: ", body.trim()])
      if (hint) writeLine(stderr, [["dim", hint]])
    },
  }
}
