// Every fault of a server with every method, over real sockets: how the call ends, after how many attempts, and how often the server took it.
import aborted from "./faults/aborted.mjs"
import answered from "./faults/answered.mjs"
import refused from "./faults/refused.mjs"
import { http } from "./support.mjs"

export default (QUnit, { default: Pusher }, environment) => {
  const ways = { fetch: {}, ...(http && { "an agent": { agent: new http.Agent({ keepAlive: true }) } }) }
  for (const [way, given] of Object.entries(ways)) {
    QUnit.module(`by ${way}`, () => {
      const test = (name, run) => QUnit.test(name, run)
      for (const part of [answered, refused, aborted]) part(test, Pusher, environment, given)

      QUnit.test("no socket is left over", async (t) => {
        if (!given.agent) return t.true(true, "the server was asked, in each case")
        const isUsed = () => Object.keys(given.agent.sockets).length > 0
        while (isUsed()) await new Promise((resolve) => setTimeout(resolve, 1))
        t.false(isUsed())
        given.agent.destroy()
      })
    })
  }
}
