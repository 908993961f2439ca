// Every fault of a server with every method, over real sockets: how the call ends, after how many attempts, and how often the server took it.
import aborted from "./faults/aborted.mjs"
import answered from "./faults/answered.mjs"
import refused from "./faults/refused.mjs"
import { http } from "./support.mjs"

export default (QUnit, { default: Pusher }, environment) => {
  const ways = { fetch: {}, ...(http && { "an agent": { agent: new http.Agent({ keepAlive: true }) } }) }
  for (const [way, given] of Object.entries(ways)) {
    QUnit.module(`by ${way}`, () => {
      for (const part of [answered, refused, aborted]) part(QUnit, Pusher, environment, given)

      // Of those of `fetch`, the server was asked in each case.
      if (!given.agent) return
      QUnit.test("no socket is left over", async (t) => {
        const countUsed = () => Object.keys(given.agent.sockets).length
        while (countUsed() > 0) await new Promise((resolve) => setTimeout(resolve, 1))
        t.strictEqual(countUsed(), 0)
        given.agent.destroy()
      })
    })
  }
}
