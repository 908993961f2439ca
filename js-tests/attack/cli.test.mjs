// What the command line prints of texts that others wrote: nothing that a terminal would obey, a secret, or without end.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, test } from "node:test"

import { installPacked } from "../support/packed.mjs"

const { folder, remove } = await installPacked()
after(remove)

/** Runs the command line. Resolves to all that it prints. It ends by itself: a minute is far more than it needs. */
const run = async (url, args, input = "") => {
  const command = [join(folder, "node_modules/pusher-http-wasm/cli.js"), ...args]
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...process.env, PUSHER_URL: url },
    timeout: 60_000,
  })
  child.stdin.on("error", () => {}).end(input)
  const [stdout, stderr, { code, signal }] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal }))),
  ])
  assert.equal(signal, null, "it ended by itself")
  return { code, stdout, stderr }
}

const secret = "s3cr3t-of-the-app-9a8b7c"
const nowhere = `http://key:${secret}@127.0.0.1:1/apps/1`
const EVIL = "\u001b[2J\u001b]0;title\u0007\u009b31m\u007f\u202e\u2066\u2028"
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u2028-\u202e\u2066-\u2069]/u

const assertPrintable = ({ stdout, stderr }) => {
  assert.doesNotMatch(stdout, UNPRINTABLE)
  assert.doesNotMatch(stderr, UNPRINTABLE)
  assert.ok(!(stdout + stderr).includes(secret))
}

test("prints what is signed for clients in a form that no terminal obeys, and that means the same", async () => {
  for (const [args, name] of [
    [["auth", "1.1", "presence-a", JSON.stringify({ user_id: EVIL })], "channel_data"],
    [["user-auth", "1.1", JSON.stringify({ id: EVIL })], "user_data"],
  ]) {
    const result = await run(nowhere, args)
    assertPrintable(result)
    assert.ok(
      JSON.parse(JSON.parse(result.stdout)[name]).user_id === EVIL ||
        JSON.parse(JSON.parse(result.stdout)[name]).id === EVIL,
    )
  }
})

test("prints arguments, lines and files of others in such a form", async () => {
  const line = (event) => JSON.stringify(event)
  const events = [
    line({ channel: `#${EVIL}`, name: "event", data: "x" }),
    EVIL,
    line({ channel: "a", name: EVIL.repeat(200) }),
  ]
  for (const json of [[], ["--json"]]) {
    assertPrintable(await run(nowhere, ["trigger", `#${EVIL}`, "event", "x", ...json]))
    assertPrintable(await run(nowhere, ["publish", ...json], events.join("\n")))
    assertPrintable(await run(nowhere, ["channel", EVIL, ...json]))
    assertPrintable(await run(nowhere, [EVIL, ...json]))
    assertPrintable(await run(nowhere, ["channels", `--${EVIL}`, ...json]))
    assertPrintable(await run(nowhere, ["verify-webhook", "--key", EVIL, "--signature", EVIL, ...json], EVIL))
  }
})

test("prints a server's answers and refusals in such a form, without the secret if it repeats that", async () => {
  const answers = [
    [200, JSON.stringify({ channels: { [`a${EVIL}`]: { [EVIL]: `${EVIL}\n[INFO] ${secret}` } } })],
    [400, `${EVIL}\n[INFO] ${secret}`],
    [200, `${EVIL}{`],
    [401, `${EVIL} server time (${EVIL})`],
  ]
  const server = createServer((request, response) => {
    const [status, body] = answers[Number(new URL(request.url, "http://a").searchParams.get("filter_by_prefix"))]
    response.writeHead(status, { "x-evil": "1" }).end(body)
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    const url = `http://key:${secret}@127.0.0.1:${server.address().port}/apps/1`
    for (const index of answers.keys()) {
      for (const json of [[], ["--json"]]) {
        const result = await run(url, ["channels", "--prefix", String(index), ...json])
        assertPrintable(result)
        // One line for each channel, whatever is in it.
        if (index === 0) assert.equal(result.stdout.trimEnd().split("\n").length, 1)
      }
    }
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test("shows a text of a megabyte that looks like URLs in no time", async () => {
  // Quadratic, it would take minutes.
  const line = JSON.stringify({ channel: "://".repeat(350_000), name: "event", data: "x" })
  const { code, stdout } = await run(nowhere, ["publish", "--json"], line)
  assert.equal(code, 1)
  assert.equal(JSON.parse(stdout).failed.length, 1)
})
