// The recipes of docs/recipes/index.md: writes their files into a user's project, and exercises the routes that they make.
import assert from "node:assert/strict"
import { createHmac } from "node:crypto"
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

import { readPage } from "../../docs/pages.mjs"
import { fetchPlace } from "../endpoints/request.mjs"

const page = readPage("docs/recipes/index.md")

/** The application that the recipes import as `app.js`. */
const application = join(import.meta.dirname, "../../docs/application.mjs")

/** Lists the files of a recipe, or of the text before the first one: `{ file, code }`. */
export const listFiles = (heading) => {
  const files = page.blocks.filter((block) => block.heading === heading && block.file)
  assert.notEqual(files.length, 0, `docs/recipes/index.md has no files below ${heading}`)
  return files
}

export const { headings } = page

const write = (path, code) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, code)
}

/**
 * Writes the files of a recipe into a project.
 *
 * @param {string} folder
 * @param {string} heading
 * @param {object} [options]
 * @param {string} [options.shared] the folder for channels.js
 * @param {(file: string) => string | undefined} [options.rename] changes a file's path, or leaves the file out
 * @param {string} [options.end] added to each file
 */
export const writeRecipe = (folder, heading, { shared = ".", rename = (file) => file, end = "" } = {}) => {
  for (const { file, code } of listFiles(heading)) {
    const path = rename(file)
    if (path !== undefined) write(join(folder, path), code + end)
  }
  for (const { file, code } of listFiles("Recipes")) write(join(folder, shared, file), code)
  copyFileSync(application, join(folder, shared, "app.js"))
}

/** Returns the `send` of `exerciseRecipe` for a server. */
export const sendTo = (base) => (path, init) =>
  fetchPlace(`${base}${path}`, () => ({ ...init, signal: AbortSignal.timeout(60_000) }))

const ORIGIN = "https://app.example"

/**
 * Makes the cases of a recipe's three routes.
 *
 * @param {(path: string, init: RequestInit) => Promise<Response>} send
 * @param {object} channels the embedded server
 */
export const exerciseRecipe = (send, channels) => {
  const [{ key, secret, id }] = channels.apps
  const hmac = (text) => createHmac("sha256", secret).update(text).digest("hex")

  /** What pusher-js sends from a page of another origin. */
  const ask = (channel, origin = ORIGIN) =>
    send("/pusher/auth", {
      method: "POST",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: String(new URLSearchParams({ socket_id: "1.2", channel_name: channel })),
    })
  const preflight = (origin) =>
    send("/pusher/auth", { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } })
  const getAllowed = ({ headers }) => headers.get("access-control-allow-origin")

  /** What Channels sends. */
  const webhook = (sign = hmac) => {
    const body = JSON.stringify({
      time_ms: Date.now(),
      events: [{ name: "client_event", channel: "private-a", event: "client-b", data: "1", socket_id: "1.2" }],
    })
    const headers = { "content-type": "application/json", "x-pusher-key": key, "x-pusher-signature": sign(body) }
    return send("/pusher/webhook", { method: "POST", headers, body })
  }

  const post = (body, type = "application/json") =>
    send("/messages", { method: "POST", headers: { "content-type": type, origin: ORIGIN }, body })

  return {
    "authorises what the application allows": async () => {
      const allowed = await ask("private-a")
      assert.equal(allowed.status, 200)
      assert.deepEqual(await allowed.json(), { auth: `${key}:${hmac("1.2:private-a")}` })
      const member = '{"user_id":"alice"}'
      const presence = { auth: `${key}:${hmac(`1.2:presence-lobby:${member}`)}`, channel_data: member }
      assert.deepEqual(await (await ask("presence-lobby")).json(), presence)
      assert.equal((await ask("private-another")).status, 403)
      assert.equal((await ask("public")).status, 400)
    },
    "lets pages of another origin authorise, if the application names it": async () => {
      const allowed = await preflight(ORIGIN)
      assert.deepEqual([allowed.status, getAllowed(allowed)], [204, ORIGIN])
      assert.equal(getAllowed(await ask("private-a")), ORIGIN)
      assert.equal(getAllowed(await preflight("https://other.example")), null)
    },
    "receives webhooks, and refuses forged ones": async () => {
      assert.equal((await webhook()).status, 200)
      assert.equal((await webhook(() => hmac("another body"))).status, 401)
    },
    "triggers an event": async () => {
      const before = channels.requests.length
      const answer = await post('{"text":"h\u00e9llo"}')
      assert.deepEqual([answer.status, await answer.json()], [200, { sent: true }])
      const sent = channels.requests.slice(before)
      assert.deepEqual(
        sent.map(({ path, response }) => [path, response.status]),
        [[`/apps/${id}/events`, 200]],
      )
      const data = JSON.stringify({ from: "Alice", text: "h\u00e9llo" })
      assert.deepEqual(JSON.parse(sent[0].body), { name: "message", data, channels: ["presence-lobby"] })
      assert.equal((await post("{}")).status, 400)
      // What a form of any page may send, with the user's cookies.
      assert.equal((await post('{"text":"hello"}', "text/plain")).status, 400)
      assert.equal(channels.requests.length, before + 1)
    },
    // Frameworks may take the `status` of an error for that of the response.
    "answers 502 if the server refuses the event, and 400 if the text is too long": async () => {
      for (const status of [401, 404]) {
        const undo = channels.intercept(() => ({ status, body: "refused" }))
        try {
          assert.equal((await post('{"text":"hello"}')).status, 502)
        } finally {
          undo()
        }
      }
      assert.equal((await post(JSON.stringify({ text: "x".repeat(1001) }))).status, 400)
    },
  }
}
