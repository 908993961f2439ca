// What a user's server must do, wherever it was built: authorise, trigger, take webhooks. Each answer is compared with what node:crypto
// says, each trigger with what arrived at the embedded server.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"

/**
 * The cases of a server with the routes `auth`, `trigger` and `webhook` below `base`. `auth` takes pusher-js's form, `trigger` takes
 * `{ channel, event, data }`, answers what Channels answered, 400 with `{ code }` for bad input and 502 with `{ code }` for a request
 * that failed; `webhook` answers the events, or 401.
 *
 * @param {string} base without a slash at its end
 * @param {import("./run.mjs").Context} context
 */
export const exercise = (base, { channels, environment }) => {
  const { key, secret, id } = environment.server
  const hmac = (text) => createHmac("sha256", secret).update(text).digest("hex")
  const post = async (route, body, headers = {}) => {
    const response = await fetch(`${base}/${route}`, {
      method: "POST",
      body,
      headers: { origin: new URL(base).origin, ...headers },
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    try {
      return { status: response.status, json: JSON.parse(text) }
    } catch {
      throw new Error(`${base}/${route} answered ${response.status}, no JSON: ${text}`)
    }
  }
  const auth = (fields) => post("auth", new URLSearchParams(fields))
  const trigger = (event) => post("trigger", JSON.stringify(event), { "content-type": "application/json" })

  const webhookBody = JSON.stringify({
    time_ms: 1403175510755,
    events: [{ name: "channel_occupied", channel: "caf\u00e9 \u{1f600}" }],
  })
  const webhook = (body, signed = body) =>
    post("webhook", body, {
      "content-type": "application/json",
      "x-pusher-key": key,
      "x-pusher-signature": hmac(signed),
    })

  return {
    "a private channel is authorised": async () => {
      const { status, json } = await auth({ socket_id: "123.456", channel_name: "private-chat" })
      assert.deepEqual({ status, json }, { status: 200, json: { auth: `${key}:${hmac("123.456:private-chat")}` } })
    },
    "a presence channel is authorised": async () => {
      const { status, json } = await auth({ socket_id: "123.456", channel_name: "presence-chat" })
      const member = '{"user_id":"ada","user_info":{"name":"Ad\u00e1"}}'
      const expected = { auth: `${key}:${hmac(`123.456:presence-chat:${member}`)}`, channel_data: member }
      assert.deepEqual({ status, json }, { status: 200, json: expected })
    },
    "an event is triggered": async () => {
      const [channel, data] = [`exercise-${channels.requests.length}`, { text: "h\u00e9llo \u{1f600}" }]
      assert.deepEqual(await trigger({ channel, event: "greeting", data }), { status: 200, json: {} })
      const { method, path, headers, body, response } = channels.requests.at(-1)
      assert.deepEqual(
        { method, path, status: response.status },
        { method: "POST", path: `/apps/${id}/events`, status: 200 },
      )
      assert.match(headers["x-pusher-library"], /^pusher-http-wasm \d/)
      assert.deepEqual(JSON.parse(body), { name: "greeting", data: JSON.stringify(data), channels: [channel] })
    },
    "many at once": async () => {
      const before = channels.requests.length
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => trigger({ channel: "many", event: "greeting", data: { index } })),
      )
      assert.deepEqual(
        answers.filter(({ status }) => status !== 200),
        [],
      )
      const arrived = channels.requests.slice(before).map(({ body }) => JSON.parse(JSON.parse(body).data).index)
      assert.deepEqual(
        arrived.sort((one, other) => one - other),
        Array.from({ length: 20 }, (_, index) => index),
      )
    },
    "bad input is known by its class": async () => {
      const { status, json } = await trigger({ channel: "no such\nname", event: "greeting", data: {} })
      assert.deepEqual({ status, code: json.code }, { status: 400, code: "invalid_channel" })
    },
    "a failed request is known by its class": async () => {
      const { status, json } = await trigger({ channel: "a", event: "fault:reset", data: {} })
      assert.deepEqual({ status, code: json.code }, { status: 502, code: "network" })
    },
    "a signed webhook is read": async () => {
      assert.deepEqual(await webhook(webhookBody), { status: 200, json: JSON.parse(webhookBody).events })
    },
    "a changed webhook is refused": async () => {
      assert.equal((await webhook(webhookBody.replace("occupied", "vacated"), webhookBody)).status, 401)
    },
  }
}
