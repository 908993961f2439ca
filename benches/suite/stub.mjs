// A `fetch` that sends nothing: what a call costs up to there.

/** What was last given to it. */
export let sent
/** How many requests it was given. */
export let requests = 0

const answer = Object.freeze({ ok: true, status: 200, statusText: "OK", text: async () => "{}" })
const refusal = Object.freeze({ ...answer, ok: false, status: 429, statusText: "Too Many Requests" })

/** @type {((body: string) => boolean) | undefined} */
let isRefused

/** Makes the server refuse each body for which `predicate` is true; without one, it takes all. */
export const refuse = (predicate) => {
  isRefused = predicate
}

/** @type {typeof fetch} */
export const stubFetch = async (url, init) => {
  sent = { url, init }
  requests++
  return isRefused?.(textOf(init.body)) ? refusal : answer
}

const textOf = (body) => (typeof body === "string" ? body : new TextDecoder().decode(body))
