// The events of a stream of JSON lines, and the line that each is on.
import { CommandError } from "./errors.js"
import { parseJson, readLines } from "./input.js"

/** Reads one event. Returns it, or a `CommandError`. */
const parseLine = (text) => {
  try {
    const event = parseJson(text)
    if (typeof event === "object" && event !== null && !Array.isArray(event)) return event
  } catch {}
  return new CommandError("This is not a JSON object", "not_json")
}

export class EventLines {
  /** The line that was read last, and how many bytes have been read up to its end. */
  line = 0
  position = 0
  /** What is wrong with lines that hold no event: `{ line, error }`. */
  failed = []

  #stream
  #stopsOnError
  #lines = new WeakMap()

  /**
   * @param {AsyncIterable<Uint8Array>} stream
   * @param {boolean} [stopsOnError] whether a line that is no event ends it
   */
  constructor(stream, stopsOnError = false) {
    this.#stream = stream
    this.#stopsOnError = stopsOnError
  }

  /** Gives the events. Nothing is read before it is asked for. */
  async *read() {
    for await (const { text, position } of readLines(this.#stream)) {
      this.line++
      this.position = position
      if (text.trim() === "") continue
      // `trim` also removes the byte order mark with which a file may begin.
      const event = parseLine(text.trim())
      if (!(event instanceof CommandError)) {
        this.#lines.set(event, this.line)
        yield event
      } else if (this.#stopsOnError) throw event
      else this.failed.push({ line: this.line, error: event })
    }
  }

  /** Returns the line of an event; the last one for none, which is where reading failed. */
  lineOf(event) {
    return (event && this.#lines.get(event)) ?? this.line
  }
}
