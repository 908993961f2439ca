// The channel that is picked: its members, and its events with their latency.
import { byId, make, say } from "./dom.js"
import { addLine, describe } from "./log.js"
import * as person from "./person.js"

const NAMES = {
  public: "demo",
  private: "private-demo",
  presence: "presence-demo",
  encrypted: "private-encrypted-demo",
  cache: "cache-demo",
}

/**
 * Lets the user pick a channel.
 *
 * @param {any} pusher pusher-js
 * @param {(userId: string) => void} learn is called with each member's id
 */
export function startChannel(pusher, learn) {
  const [picker, state, log] = [byId("picker"), byId("subscription"), byId("events")]
  const watchers = []
  let picked
  /** Since when the channel is listened to: an event from before comes from the cache. */
  let begin
  let latencies = []

  const showLatencies = () => {
    const middle = latencies.toSorted((one, other) => one - other)[Math.floor(latencies.length / 2)]
    byId("latencies").textContent = latencies.length > 0 ? `median ${middle} ms` : ""
  }

  function pick(kind) {
    leave()
    begin = Date.now()
    picked = NAMES[kind]
    latencies = []
    showLatencies()
    log.replaceChildren()
    byId("channel-name").textContent = picked
    history.replaceState(null, "", `#${kind}`)
    say(state, "subscribing")
    byId("no-members").hidden = kind === "presence"
    showMembers()
    follow(pusher.subscribe(picked))
  }

  function leave() {
    if (!picked) return
    // pusher-js keeps a channel that it is just subscribing to, and returns the same one again.
    pusher.channel(picked)?.unbind_all()
    pusher.unsubscribe(picked)
  }

  function follow(channel) {
    const showChange = (words) => (member) => {
      update(channel)
      addLine(log, { title: `${getLabel(member)} ${words}`, kind: "change" })
    }
    channel.bind("pusher:subscription_succeeded", () => {
      say(state, "subscribed", "good")
      update(channel)
    })
    channel.bind("pusher:subscription_error", ({ status, error }) =>
      say(state, `refused${status ? ` with ${status}` : ""}: ${error ?? "see the Worker's log"}`, "bad"),
    )
    channel.bind("pusher:cache_miss", () => addLine(log, { title: "The cache is empty", kind: "change" }))
    channel.bind("pusher:member_added", showChange("came"))
    channel.bind("pusher:member_removed", showChange("left"))
    channel.bind_global((event, data) => {
      if (event.startsWith("pusher:") || watchers.some((watch) => watch(event, data))) return
      addLine(log, { title: event, detail: describe(data), ...measure(data) })
    })
  }

  function update({ members }) {
    showMembers(members)
    members?.each(({ id }) => learn(id))
  }

  /** Returns the note of an event: how long it took, if a window of this browser has sent it. */
  function measure(data) {
    if (data?.browser !== person.browser) return {}
    if (data.sentAt < begin) return { note: "from the cache" }
    const ms = Date.now() - data.sentAt
    latencies.push(ms)
    showLatencies()
    return { note: `${ms} ms`, kind: "timed" }
  }

  pusher.connection.bind("state_change", ({ previous, current }) => {
    if (current === "connected") begin = Date.now()
    if (previous !== "connected") return
    say(state, "not subscribed without a connection", "bad")
    showMembers()
  })
  picker.addEventListener("change", ({ target }) => pick(target.value))
  const first = location.hash.slice(1)
  const kind = Object.hasOwn(NAMES, first) ? first : "presence"
  picker.querySelector(`[value="${kind}"]`).checked = true
  pick(kind)

  return {
    getName: () => picked,
    /** Adds a function that returns whether it has dealt with an event, which is then not listed. */
    watch: (watcher) => watchers.push(watcher),
  }
}

function showMembers(members) {
  const list = byId("members")
  const rows = []
  members?.each((member) => {
    const isMe = member.id === members.me?.id
    const label = getLabel(member)
    const row = make(
      "li",
      { className: isMe ? "me" : "" },
      make("span", { className: "initial", ariaHidden: "true", textContent: label[0] }),
      make("span", { textContent: label }),
    )
    if (isMe) row.append(make("span", { className: "quiet", textContent: "this window" }))
    rows.push(row)
  })
  list.replaceChildren(...rows)
  byId("member-count").textContent = rows.length > 0 ? String(rows.length) : ""
}

/** Members from elsewhere may have no name. */
const getLabel = ({ id, info }) => (typeof info?.name === "string" && info.name) || id
