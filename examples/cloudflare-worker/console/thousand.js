// Publishes a thousand events, and shows how many went out and how many came back.
import { byId, onSubmit } from "./dom.js"
import { postForLines } from "./worker-calls.js"

const COUNT = 1000
const format = new Intl.NumberFormat("en")

export function startThousand(channel) {
  const [sent, arrived] = [byId("sent"), byId("arrived")]
  let received = 0
  // So that two windows, or two runs, do not count each other's events.
  let run

  const showArrived = () => {
    arrived.value = received
    byId("arrived-count").textContent = format.format(received)
  }
  channel.watch((event) => {
    if (!event.startsWith("number-")) return false
    if (event === run) {
      received++
      showArrived()
    }
    return true
  })

  onSubmit(byId("thousand"), byId("thousand-outcome"), async () => {
    received = 0
    run = `number-${crypto.randomUUID().slice(0, 8)}`
    sent.value = 0
    showArrived()
    byId("bars").hidden = false
    let report
    await postForLines("/publish", { channel: channel.getName(), event: run, count: COUNT }, (line) => {
      report = line
      sent.value = line.published
      byId("sent-count").textContent = format.format(line.published)
    })
    if (!report?.done) throw new Error("The Worker broke off")
    if (report.error) throw new Error(`${format.format(report.failed)} failed: ${report.error}`)
    return `${format.format(report.published)} events in ${report.requests} requests`
  })
}
