// A `fetch` that sends nothing: what a call costs up to there.

/** What was last given to it. */
export let sent

const answer = Object.freeze({ ok: true, status: 200, statusText: "OK", text: async () => "{}" })

/** @type {typeof fetch} */
export const stubFetch = async (url, init) => {
  sent = { url, init }
  return answer
}
