// A list of what happens, newest first.
import { make, now } from "./dom.js"

const MAX_LINES = 200

/**
 * Adds a line.
 *
 * @param {HTMLElement} list
 * @param {{ title: string, detail?: string, note?: string, state?: string, kind?: string }} line `note` stands at the right: the time if left out
 */
export function addLine(list, { title, detail, note = now(), state = "", kind = "" }) {
  const line = make(
    "li",
    { className: kind },
    make("b", { textContent: title }),
    make("span", { className: "note", textContent: note }),
  )
  line.dataset.state = state
  if (detail) line.append(make("code", { textContent: detail }))
  list.prepend(line)
  while (list.children.length > MAX_LINES) list.lastElementChild.remove()
  return line
}

/** Describes an event's data: by what a person wrote, or else by all there is. */
export function describe(data) {
  if (typeof data?.text !== "string") return JSON.stringify(data)
  return data.from ? `${data.from}: ${data.text}` : data.text
}
