// Exercises a user's server, whatever it was built with: it must authorise, trigger and receive webhooks. Answers are compared with
// signatures of node:crypto, triggers with the requests that arrive at the embedded server.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"

/**
 * Makes the cases for a server with the routes `auth`, `trigger` and `webhook` below `base`. `auth` takes pusher-js's form. `trigger` takes
 * `{ channel, event, data }` and answers with the Channels server's answer, with 400 and `{ code }` for malformed input, or with 502 and
 * `{ code }` for a failed request. `webhook` answers with the events, or with 401.
 *
 * @param {string} base without a trailing slash
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
      throw new Error(`${base}/${route} answered ${response.status} without JSON: ${text}`)
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
    "authorises a private channel": async () => {
      const { status, json } = await auth({ socket_id: "123.456", channel_name: "private-chat" })
      assert.deepEqual({ status, json }, { status: 200, json: { auth: `${key}:${hmac("123.456:private-chat")}` } })
    },
    "authorises a presence channel": async () => {
      const { status, json } = await auth({ socket_id: "123.456", channel_name: "presence-chat" })
      const member = '{"user_id":"ada","user_info":{"name":"Ad\u00e1"}}'
      const expected = { auth: `${key}:${hmac(`123.456:presence-chat:${member}`)}`, channel_data: member }
      assert.deepEqual({ status, json }, { status: 200, json: expected })
    },
    "triggers an event": async () => {
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
    "triggers 20 events at once": async () => {
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
    "recognises malformed input by its error class": async () => {
      const { status, json } = await trigger({ channel: "no such\nname", event: "greeting", data: {} })
      assert.deepEqual({ status, code: json.code }, { status: 400, code: "invalid_channel" })
    },
    "recognises a failed request by its error class": async () => {
      const { status, json } = await trigger({ channel: "a", event: "fault:reset", data: {} })
      assert.deepEqual({ status, code: json.code }, { status: 502, code: "network" })
    },
    "reads a signed webhook": async () => {
      assert.deepEqual(await webhook(webhookBody), { status: 200, json: JSON.parse(webhookBody).events })
    },
    "rejects a changed webhook": async () => {
      assert.equal((await webhook(webhookBody.replace("occupied", "vacated"), webhookBody)).status, 401)
    },
  }
}
