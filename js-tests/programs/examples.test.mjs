// Runs the examples as a user would: in a fresh folder, with the package installed from its tarball.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { createHmac } from "node:crypto"
import { once } from "node:events"
import { cp, readdir, readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, before, test } from "node:test"

import { startLocalChannels } from "../../pkg-template/testing/index.js"
import { bin as tool } from "../../tools/packages.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { describeServer } from "./demo/target.mjs"
import { startWorker } from "./demo/worker.mjs"
import { copyExample, startWrangler, writeVariables } from "./projects.mjs"

const makeDenoCommand = (command, ...args) => [
  bin("deno"),
  command,
  "--quiet",
  "--no-remote",
  "--node-modules-dir=manual",
  ...args,
]

/** `message` is the data of the program's event. */
const programs = {
  "node/trigger.mjs": { command: [process.execPath, "trigger.mjs"], message: "Hello from Node" },
  "node/trigger.cjs": { command: [process.execPath, "trigger.cjs"], message: "Hello from Node, required" },
  "deno/trigger.ts": {
    command: [
      ...makeDenoCommand("run", "--cached-only", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env"),
      "trigger.ts",
    ],
    message: "Hello from Deno",
  },
  "bun/trigger.ts": { command: [bin("bun"), "trigger.ts"], message: "Hello from Bun" },
}

let installed
let server
before(async () => {
  installed = await installPacked({ also: ["pusher-js", "@types/node"] })
  server = await startLocalChannels()
  await cp(join(import.meta.dirname, "../../examples"), installed.folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  })
})
after(async () => {
  await server?.close()
  await installed?.remove()
})

async function runProgram(folder, [command, ...args], variables) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...variables }
  const child = spawn(command, args, { cwd: join(installed.folder, folder), env, stdio: ["ignore", "pipe", "pipe"] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  return { code, stdout, stderr }
}

const describeInParts = () => describeServer(server)
const describeInOneUrl = () => {
  const { key, secret, id } = server.apps[0]
  return { PUSHER_URL: `http://${key}:${secret}@${server.host}:${server.port}/apps/${id}` }
}

for (const [file, { command, message }] of Object.entries(programs)) {
  for (const [how, variables] of Object.entries({ "its variables": describeInParts, PUSHER_URL: describeInOneUrl })) {
    test(`${file} triggers its event and queries the channels, configured by ${how}`, async () => {
      const before = server.requests.length
      const { code, stdout, stderr } = await runProgram(file.split("/")[0], command, variables())
      assert.equal(code, 0, stderr)
      assert.equal(stdout, "triggered: 200\noccupied channels: none\n")
      assert.equal(stderr, "")
      const requests = server.requests.slice(before)
      assert.deepEqual(
        requests.map(({ method, path, response }) => ({ method, path, status: response?.status })),
        [
          { method: "POST", path: "/apps/app-id/events", status: 200 },
          { method: "GET", path: "/apps/app-id/channels", status: 200 },
        ],
      )
      assert.deepEqual(JSON.parse(requests[0].body), {
        name: "my-event",
        data: JSON.stringify({ message }),
        channels: ["my-channel"],
      })
    })
  }
}

test("names the variables that an example misses", async () => {
  const { code, stderr } = await runProgram("node", programs["node/trigger.mjs"].command, {})
  assert.notEqual(code, 0)
  assert.match(stderr, /PusherValidationError: .* PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET/)
})

test("type-checks the Deno example", async () => {
  const { code, stderr } = await runProgram("deno", [...makeDenoCommand("check"), "trigger.ts"], {})
  assert.equal(code, 0, stderr)
})

test("type-checks the Bun example", async () => {
  const flags = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "--types",
    "node",
  ]
  const { code, stdout, stderr } = await runProgram("bun", [tool("tsc"), ...flags, "trigger.ts"], {})
  assert.equal(code, 0, stdout + stderr)
})

test("the Worker", async (t) => {
  const worker = await startWorker({
    folder: installed.folder,
    variables: describeInParts(),
    port: 0,
    onlyLoopback: true,
    signal: AbortSignal.timeout(60_000),
  })
  t.after(() => worker.end())
  const ask = async (path, { form, headers, ...init } = {}) => {
    const body = form === undefined ? init.body : new URLSearchParams(form)
    const method = body === undefined ? "GET" : "POST"
    const response = await fetch(`${worker.url}${path}`, { method, headers, body })
    const answer = await response.text()
    return {
      status: response.status,
      answer: answer.startsWith("{") || answer.startsWith("[") ? JSON.parse(answer) : answer,
    }
  }
  const app = server.apps[0]
  const hmac = (string) => createHmac("sha256", app.secret).update(string).digest("hex")
  const ada = { socket_id: "1.2", user: "Ada" }
  const makeForm = (channel_name, others = {}) => ({ form: { ...ada, channel_name, ...others } })

  await t.test("authorises private channels", async () => {
    const { status, answer } = await ask("/pusher/auth", makeForm("private-room"))
    assert.equal(status, 200)
    assert.deepEqual(answer, { auth: `${app.key}:${hmac("1.2:private-room")}` })
  })

  await t.test("authorises presence channels with the user's name", async () => {
    const { status, answer } = await ask("/pusher/auth", makeForm("presence-room"))
    assert.equal(status, 200)
    assert.deepEqual(JSON.parse(answer.channel_data), { user_id: "ada", user_info: { name: "Ada" } })
    assert.equal(answer.auth, `${app.key}:${hmac(`1.2:presence-room:${answer.channel_data}`)}`)
  })

  await t.test("authenticates users", async () => {
    const { status, answer } = await ask("/pusher/user-auth", { form: ada })
    assert.equal(status, 200)
    assert.equal(answer.auth, `${app.key}:${hmac(`1.2::user::${answer.user_data}`)}`)
    assert.equal(JSON.parse(answer.user_data).id, "ada")
  })

  await t.test("refuses to sign for anything else", async () => {
    const refused = [
      ["/pusher/auth", makeForm("private-for-grace")],
      ["/pusher/auth", makeForm("private-room", { user: "" })],
      ["/pusher/auth", makeForm("presence-room", { user: "not a name" })],
      ["/pusher/user-auth", { form: { socket_id: "1.2" } }],
    ]
    for (const [path, request] of refused) assert.equal((await ask(path, request)).status, 403, JSON.stringify(request))
  })

  await t.test("names what is malformed in a request", async () => {
    const malformed = [
      ["/pusher/auth", { form: {} }, /socket_id/],
      ["/pusher/auth", { form: ada }, /channel_name/],
      ["/pusher/auth", makeForm("public"), /Only private, presence and encrypted channels/],
      ["/pusher/auth", makeForm(`:user::{"id":"ada"}`), /Only private/],
      ["/pusher/auth", makeForm("#server-to-user-ada"), /Only private/],
      ["/pusher/auth", makeForm("private-room", { socket_id: "1.2:x" }), /socket id/i],
      ["/pusher/auth", makeForm("private-room space"), /channel name/i],
      ["/pusher/user-auth", { form: { user: "ada" } }, /socket_id/],
      ["/trigger", { body: "{" }, "The body must be JSON: an object or a list"],
      ["/trigger", { body: "null" }, "The body must be JSON: an object or a list"],
      ["/trigger", { body: '{"event":"e"}' }, /channel/i],
      ["/trigger", { body: '{"channel":"c"}' }, /event name/],
      ["/batch", { body: "{}" }, /batch|list|array/i],
      ["/channels?auth_key=x", {}, /auth_key/],
      ["/publish", { body: '{"channel":"c","event":"e","count":1001}' }, "count must be 1 to 1000"],
      ["/users/message", { body: '{"event":"e"}' }, /user id/i],
      ["/users/terminate", { body: "{}" }, /user id/i],
      ["/mistake", { body: '{"kind":"constructor"}' }, /kind must be one of secret, server/],
    ]
    for (const [path, request, words] of malformed) {
      const { status, answer } = await ask(path, request)
      assert.equal(status, 400, `${path} ${JSON.stringify(request)}`)
      assert.match(answer.error, words instanceof RegExp ? words : new RegExp(`^${words}$`))
    }
  })

  await t.test("triggers an event and leaves out its sender", async () => {
    const event = { channels: ["a", "b"], event: "hello", data: { one: 1 }, socket_id: "1.2" }
    assert.deepEqual(await ask("/trigger", { body: JSON.stringify(event) }), { status: 200, answer: {} })
    const { body } = server.requests.at(-1)
    assert.deepEqual(JSON.parse(body), { name: "hello", data: '{"one":1}', channels: ["a", "b"], socket_id: "1.2" })
  })

  await t.test("accepts webhooks that are signed, and no others", async () => {
    const events = [{ name: "channel_occupied", channel: "a \u00e9" }]
    const body = JSON.stringify({ time_ms: Date.now(), events })
    const makeWebhook = (signature) => ({
      body,
      headers: { "content-type": "application/json", "x-pusher-key": app.key, "x-pusher-signature": signature },
    })
    const list = async () => (await ask("/webhooks")).answer.map(({ id, ...outcome }) => outcome)
    assert.equal((await ask("/pusher/webhook", makeWebhook(hmac(`${body} `)))).status, 401)
    assert.equal((await ask("/pusher/webhook", { body })).status, 401)
    const refused = { verified: false, status: 401 }
    const reasons = ["bad_signature", "not_signed"]
    const expected = reasons.map((reason) => ({ ...refused, error: `Invalid WebHook: ${reason}` }))
    assert.deepEqual(await list(), expected)
    assert.equal((await ask("/pusher/webhook", makeWebhook(hmac(body)))).status, 200)
    assert.deepEqual(await list(), [...expected, { verified: true, event: events[0] }])
  })

  await t.test("publishes many events, and streams the progress", async () => {
    const before = server.requests.length
    const publish = async (request) => {
      const response = await fetch(`${worker.url}/publish`, { method: "POST", body: JSON.stringify(request) })
      assert.equal(response.status, 200)
      const lines = (await response.text()).trim().split("\n")
      return lines.map((line) => JSON.parse(line))
    }
    const lines = await publish({ channel: "c", event: "e", count: 25 })
    assert.deepEqual(
      lines.map(({ published, failed }) => ({ published, failed })),
      [10, 20, 25, 25].map((published) => ({ published, failed: 0 })),
    )
    assert.deepEqual(lines.at(-1), { published: 25, requests: 3, failed: 0, done: true })
    const batches = server.requests.slice(before).map(({ body }) => JSON.parse(body).batch)
    const numbers = batches.flat().map(({ data }) => JSON.parse(data).number)
    assert.deepEqual(
      numbers,
      Array.from({ length: 25 }, (_, index) => index + 1),
    )
    const failing = await publish({ channel: "a b", event: "e", count: 2 })
    assert.equal(failing.at(-1).failed, 2)
    assert.match(failing.at(-1).error, /Invalid channel name/)
  })

  await t.test("refuses pages of other sites", async () => {
    const event = { body: '{"channel":"c","event":"e"}' }
    assert.equal((await ask("/trigger", { ...event, headers: { "sec-fetch-site": "cross-site" } })).status, 403)
    assert.equal((await ask("/trigger", { ...event, headers: { "sec-fetch-site": "same-origin" } })).status, 200)
  })

  await t.test("shows the error of each mistake", async () => {
    const codes = {
      secret: "http",
      server: "network",
      channel: "invalid_channel",
      size: "http",
      encryption: "missing_option",
    }
    for (const [kind, code] of Object.entries(codes)) {
      const { error } = (await ask("/mistake", { body: JSON.stringify({ kind }) })).answer
      assert.equal(error.code, code)
      assert.ok(error.message)
      assert.ok(error.hint, kind)
    }
  })

  await t.test("serves its page under a policy that lets nothing in from elsewhere", async () => {
    const response = await fetch(worker.url)
    const policy = response.headers.get("content-security-policy")
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /)
    assert.ok(policy.includes(`connect-src 'self' ws://${server.host}:${server.port} `), policy)
    const folder = join(installed.folder, "cloudflare-worker/console")
    for (const file of (await readdir(folder)).filter((name) => name !== "index.html"))
      assert.equal((await ask(`/console/${file}`)).answer, await readFile(join(folder, file), "utf8"), file)
  })

  await t.test("does not pass on the Channels server's error", async (st) => {
    st.after(server.intercept(() => ({ status: 403, body: "over quota of app 77" })))
    const { status, answer } = await ask("/channels")
    assert.equal(status, 502)
    assert.deepEqual(answer, { error: "Channels: Unexpected status code 403" })
  })

  await t.test("answers 404 on other routes", async () => {
    for (const path of ["/nothing", "/constructor", "/trigger"]) assert.equal((await ask(path)).status, 404, path)
  })
})

test("the Worker serves the same page with Wrangler", async (t) => {
  const folder = await copyExample("cloudflare-worker", join(installed.folder, "wrangler"))
  await writeVariables(folder, describeInParts())
  const worker = await startWrangler(folder)
  t.after(() => worker.stop())
  const get = async (path) => (await fetch(`${worker.match[1]}${path}`)).text()
  for (const file of await readdir(join(folder, "console"))) {
    const path = file === "index.html" ? "/" : `/console/${file}`
    assert.equal(await get(path), await readFile(join(folder, "console", file), "utf8"), file)
  }
  const pusherJs = createRequire(import.meta.url).resolve("pusher-js/dist/web/pusher-with-encryption.min.js")
  assert.ok((await get("/pusher.js")) === (await readFile(pusherJs, "utf8")), "pusher-js is served unchanged")
  assert.equal(JSON.parse(await get("/settings")).options.wsPort, server.port)
})
