// Requests to a place's server.

/** How many times a request is sent at most. */
const ATTEMPTS = 5

/** What its error says, as text or as a page. */
const LOST = /miniflare|Network connection lost|fetch failed/

/**
 * Sends a request, again if `wrangler dev` has lost it: it does so at times after one whose body the Worker leaves unread, and answers with an error
 * of its own (https://github.com/cloudflare/workers-sdk/issues/15203).
 */
export const fetchPlace = async (url, makeInit) => {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, makeInit())
    const isLost = response.status === 500 && LOST.test(await response.clone().text())
    if (!isLost || attempt === ATTEMPTS) return response
  }
}
