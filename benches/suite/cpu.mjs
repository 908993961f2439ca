// A Worker that does one thing a request, by the path: /WORK/kept with a client that is made once, /WORK/fresh with one made each time.
import { channelsOf, credentials, dataOf, privateChannel, socketId, timeout } from "./inputs.mjs"

/** Authorisations in a request: one is lost in what HTTP itself takes. */
export const AUTHORISATIONS = 10

const data = dataOf(200)
const works = {
  async authorizeChannel(getClient) {
    const answers = []
    for (let at = 0; at < AUTHORISATIONS; at++)
      answers.push(await getClient().authorizeChannel(socketId, privateChannel))
    return Response.json(answers)
  },
  async trigger(getClient) {
    const answer = await getClient().trigger(channelsOf(1), "order-placed", data)
    // A client written by hand has read it.
    return new Response(typeof answer === "string" ? answer : await answer.text())
  },
}

/** @param {Function} Client a class; it reads `HOST` and `PORT` of a server from the environment */
export const doingWork = (Client) => {
  let kept
  return {
    async fetch(request, { HOST: host, PORT: port }) {
      const [, work, kind] = new URL(request.url).pathname.split("/")
      const makeClient = () => new Client({ ...credentials, host, port, useTLS: false, timeout })
      if (kind === "fresh") return works[work](makeClient)
      kept ??= makeClient()
      return works[work](() => kept)
    },
  }
}
