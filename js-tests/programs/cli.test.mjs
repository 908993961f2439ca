// The command line, from the installed package, against the embedded server: what it prints on stdout and stderr, and its exit codes.
import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { createHmac } from "node:crypto"
import { once } from "node:events"
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises"
import { createServer, get } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { after, before, describe, test } from "node:test"

import PusherJs from "pusher-js"

import { commands } from "../../pkg-template/cli/commands/index.js"
import { startLocalChannels } from "../../pkg-template/testing/local-channels.js"
import { makeClientSettings } from "../real/targets.mjs"
import { bin } from "../support/packages.mjs"
import { installPacked } from "../support/packed.mjs"
import { findFreePort } from "../support/ports.mjs"

const secret = "f3c1a5-the-secret-of-the-test-0d9e"
const masterKey = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
const key = "the-key"

let installed, withoutPusherJs, server, url
before(async () => {
  installed = await installPacked({ also: ["pusher-js", "ws"] })
  withoutPusherJs = await installPacked()
  server = await startLocalChannels({ apps: [{ id: "3", key, secret }] })
  url = `http://${key}:${secret}@127.0.0.1:${server.port}/apps/3`
})
after(async () => {
  await server?.close()
  await installed?.remove()
  await withoutPusherJs?.remove()
})
/** Fails if a program has printed a secret. Every output goes through it. */
const assertHidden = (output) => {
  for (const one of [secret, masterKey, encodeURIComponent(secret)]) assert.ok(!output.includes(one), output)
}

const program = (place = installed) => join(place.folder, "node_modules/pusher-http-wasm/cli.js")
const hosts = {
  Node: () => [process.execPath],
  Bun: () => [bin("bun")],
  Deno: () => [bin("deno"), "run", "-A", "--quiet", "--no-remote", "--node-modules-dir=manual"],
}

/** Starts the program. `given` are variables, standard input, the host and the current folder. */
const start = (
  args,
  { env = { PUSHER_URL: url }, stdin, host = "Node", cwd = installed.folder, place = installed } = {},
) => {
  const [command, ...before] = hosts[host]()
  const { PATH, HOME } = process.env
  const child = spawn(command, [...before, program(place), ...args], {
    cwd,
    env: { PATH, HOME, DENO_NO_UPDATE_CHECK: "1", ...env },
  })
  child.stdin.on("error", () => {})
  if (stdin !== "open") child.stdin.end(stdin)
  return child
}

/** Runs the program to its end. */
const run = async (args, given) => {
  const child = start(args, given)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
  assertHidden(stdout + stderr)
  return { code, stdout, stderr }
}

const PORT_HINT = "Give another port, or 0 for any free one."

const ok = (stdout, stderr = "") => ({ code: 0, stdout, stderr })
const refused = (stderr) => ({ code: 1, stdout: "", stderr })
const wrong = (stderr) => ({ code: 2, stdout: "", stderr })

const lastRequest = () => {
  const { method, path, body } = server.requests.at(-1)
  return { method, path, body: body ? JSON.parse(body) : undefined }
}

/** Subscribes to channels by pusher-js until the test ends. */
const subscribe = async (t, ...names) => {
  const { options } = makeClientSettings(url)
  const client = new PusherJs(key, {
    ...options,
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, callback) => {
        const data = channelName.startsWith("presence-") ? JSON.stringify({ user_id: "alice" }) : undefined
        const signed = [socketId, channelName, ...(data ? [data] : [])].join(":")
        const auth = `${key}:${createHmac("sha256", secret).update(signed).digest("hex")}`
        callback(null, { auth, ...(data && { channel_data: data }) })
      },
    },
  })
  t.after(() => client.disconnect())
  const channels = names.map((name) => client.subscribe(name))
  await Promise.all(
    channels.map((channel) => new Promise((resolve) => channel.bind("pusher:subscription_succeeded", resolve))),
  )
  return channels
}

describe("help", () => {
  test("fits a screen of 24 lines and 80 columns, with a line for the prompt", async () => {
    for (const args of [["--help"], ["-h"], ...commands.map(({ name }) => [name, "--help"])]) {
      const { code, stdout, stderr } = await run(args, { env: {} })
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" })
      const lines = stdout.trimEnd().split("\n")
      assert.ok(lines.length <= 23, `${args}: ${lines.length} lines`)
      for (const line of lines) assert.ok(line.length <= 80, line)
    }
  })

  test("lists every command, the order of settings and the exit codes", async () => {
    const { stdout } = await run(["--help"])
    for (const { name, summary } of commands) assert.ok(stdout.includes(`  ${name} `) && stdout.includes(summary), name)
    assert.match(stdout, /--url; else environment variables.*PUSHER_URL; else those of \.env, then of\s+\.dev\.vars/s)
    assert.match(stdout, /0 done, 1 the server or a check refused, 2 wrong use/)
  })

  test("of a command", async () => {
    assert.deepEqual(
      await run(["users", "--help"], { env: {} }),
      ok(`Usage: pusher-http-wasm users CHANNEL [OPTION…]
List the users of a presence channel.

  CHANNEL    The presence channel's name
  --url URL  The app: https://KEY:SECRET@HOST/apps/APP_ID
  --json     Print JSON, for programs; errors too
  --help     Show this help

Settings: --url; else environment variables, as Pusher.fromEnv reads them, such
as PUSHER_URL; else those of .env, then of .dev.vars, in this folder.
Example: pusher-http-wasm users presence-lobby
`),
    )
  })

  test("is what a call without a command gets, on stderr", async () => {
    const { stdout } = await run(["--help"])
    assert.deepEqual(await run([]), wrong(stdout))
  })

  test("is also what `help` prints, of a command if one is named", async () => {
    assert.deepEqual(await run(["help"]), await run(["--help"]))
    assert.deepEqual(await run(["help", "users"]), await run(["users", "--help"]))
    assert.equal((await run(["help", "bogus"])).stderr.split("\n")[0], "Error: There is no command `bogus`")
  })

  test("has a version", async () => {
    assert.match((await run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/)
  })
})

describe("wrong use exits with 2, says what is wrong, and shows no value", () => {
  const help = (command) => `\`pusher-http-wasm ${command} --help\` shows what is allowed.`
  const cases = [
    [["bogus"], "There is no command `bogus`", "`pusher-http-wasm --help` lists the commands."],
    [["SECRET"], "There is no command", "`pusher-http-wasm --help` lists the commands."],
    [["--nope"], "There is no option `--nope` here", "`pusher-http-wasm --help` shows what is allowed."],
    [["users", "--nope=1", "a"], "There is no option `--nope` here", help("users")],
    [["users"], "CHANNEL is missing", help("users")],
    [["trigger", "a", "x", "-1"], "There is no option `-1` here", help("trigger")],
    [["users", "a", "SECRET"], "Too many arguments: 2 instead of 1", help("users")],
    [["channels", "SECRET"], "Too many arguments: 1 instead of none", help("channels")],
    [["channels", "--url"], "--url needs a value: --url URL", help("channels")],
    [["channels", "--url="], "--url needs a value: --url URL", help("channels")],
    [["channels", "--url=SECRET", "--url=SECRET"], "--url is given twice", help("channels")],
    [["channels", "--json=SECRET"], "--json takes no value", help("channels")],
    [["publish", "--concurrency", "many"], "--concurrency must be a whole number", help("publish")],
    [["publish", "--oversize", "SECRET"], "--oversize must be error or chunk", help("publish")],
    [["publish", "no-such-file"], "Cannot read FILE: ENOENT"],
    [["publish", "."], "FILE is a folder"],
    [["verify-webhook", "--key", "k"], "--signature SIGNATURE is missing", help("verify-webhook")],
    [["completion", "SECRET"], "bash|zsh|fish must be bash or zsh or fish", help("completion")],
    [["completion"], "bash|zsh|fish is missing", help("completion")],
    [["listen"], "Name a CHANNEL, or give --webhooks PORT"],
    [["listen", "a", "--count", "0"], "--count must be 1 or more"],
    [["listen", "--webhooks", "65536"], "Cannot listen on --webhooks 65536: ERR_SOCKET_BAD_PORT", PORT_HINT],
    [["serve", "--port", "65536"], "Cannot listen on --port 65536: ERR_SOCKET_BAD_PORT", PORT_HINT],
    [["serve", "--port", "0", "--page", "65536"], "Cannot listen on --page 65536: ERR_SOCKET_BAD_PORT", PORT_HINT],
    [["serve", "--webhooks", "localhost:3000/SECRET"], "--webhooks must be a URL that begins with http:// or https://"],
    [["sign", "GET", "apps/3"], "PATH must begin with /"],
    [
      ["auth", "1.2", "presence-a"],
      "MEMBER is missing: a presence channel needs one",
      "An id, such as alice, or JSON.",
    ],
    [["auth", "1.2", "presence-a", "{SECRET"], "MEMBER is not valid JSON"],
    [["user-auth", "1.2", "{SECRET"], "USER is not valid JSON"],
    [
      ["channel", "#"],
      "Invalid channel name: '#'",
      "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;",
    ],
  ]
  for (const [args, message, hint] of cases) {
    test(args.join(" "), async () => {
      const { code, stdout, stderr } = await run(args.map((one) => one.replaceAll("SECRET", `https://k:${secret}@h`)))
      assert.equal(code, 2)
      assert.equal(stdout, "")
      assert.equal(stderr, [`Error: ${message}`, ...(hint ? [hint] : []), ""].join("\n"))
    })
  }

  test("as JSON on stdout", async () => {
    const { code, stdout, stderr } = await run(["channels", "--url", "--json"])
    assert.deepEqual({ code, stderr }, { code: 2, stderr: "" })
    assert.deepEqual(JSON.parse(stdout), {
      error: {
        name: "UsageError",
        code: "wrong_use",
        message: "--url needs a value: --url URL",
        hint: help("channels"),
      },
    })
  })

  test("with a URL that is malformed", async () => {
    const urls = [
      `https://${key}:${secret}`,
      `https://${key}:${secret}@`,
      `https://${key}:${secret}@host`,
      `https://${key}:${secret}@host:99999/apps/3`,
      `${key}:${secret}@host/apps/3`,
      `ftp://${key}:${secret}@host/apps/3`,
      secret,
    ]
    for (const one of urls) {
      for (const args of [
        ["channels", "--url", one],
        ["channels", `--url=${one}`, "--json"],
        ["doctor", "--url", one],
        [one],
        ["channel", one],
        ["--url", one],
      ]) {
        const { code } = await run(args, { env: { PUSHER_URL: one } })
        assert.ok(code === 2 || (args[0] === "doctor" && code === 1) || args[0] === "channel", args.join(" "))
      }
    }
  })
})

test("shows the secret nowhere, even where it was put by mistake", async () => {
  for (const args of [
    ["channel", secret],
    ["channel", `${key}:${secret}@host`],
    ["channel", masterKey],
    ["channels", "--prefix", secret],
    ["trigger", secret, secret, secret],
    ["auth", "1.2", `presence-${secret}`, secret],
    ["user-auth", secret, secret],
    ["sign", "GET", `/${secret}?a=${secret}`],
    ["sign", secret, secret],
    ["publish", secret],
    ["verify-webhook", "--key", secret, "--signature", secret],
    ["completion", secret],
  ]) {
    const env = { PUSHER_URL: url, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: masterKey }
    for (const json of [[], ["--json"]]) await run([...args, ...json], { env })
  }
  const env = { PUSHER_URL: url.replace(`//${key}:${secret}`, `//${secret}:${secret}`) }
  for (const args of [["doctor"], ["channels"]]) assert.equal((await run(args, { env })).code, 1)
})

describe("settings", () => {
  let folder
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "pusher-http-wasm-cli-")))
  })
  after(() => rm(folder, { recursive: true, force: true }))
  const ask = async (env, files, ...args) => {
    const cwd = await mkdtemp(join(folder, "case-"))
    for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content)
    const { code, stdout } = await run(["doctor", "--json", ...args], { env, cwd })
    const { message } = JSON.parse(stdout).checks[0]
    return `${code} ${message.replaceAll(String(server.port), "PORT")}`
  }
  const parts = (id) => `PUSHER_APP_ID=${id}\nPUSHER_KEY=${key}\nPUSHER_SECRET="${secret}"\n`
  const place = () => `PUSHER_HOST=127.0.0.1\nPUSHER_PORT=${server.port}\nPUSHER_SCHEME=http\n`
  const at = (id) => `http://${key}:${secret}@127.0.0.1:${server.port}/apps/${id}`

  test("are from --url, else the environment, else .env, else .dev.vars", async () => {
    const files = { ".env": `PUSHER_URL=${at(2)}`, ".dev.vars": `PUSHER_URL=${at(3)}` }
    assert.equal(await ask({ PUSHER_URL: at(1) }, files, "--url", url), "0 app 3 at http://127.0.0.1:PORT, from --url")
    assert.equal(await ask({ PUSHER_URL: at(1) }, files), "1 app 1 at http://127.0.0.1:PORT, from the environment")
    assert.equal(await ask({ PUSHER_URL: "" }, files), "1 app 2 at http://127.0.0.1:PORT, from .env")
    assert.equal(
      await ask({}, { ".dev.vars": `PUSHER_URL=${at(3)}` }),
      "0 app 3 at http://127.0.0.1:PORT, from .dev.vars",
    )
  })

  test("may be from several at once", async () => {
    const from = "from the environment and .env and .dev.vars"
    assert.equal(
      await ask({ PUSHER_SECRET: secret }, { ".env": place(), ".dev.vars": parts(3).replace(secret, "another") }),
      `0 app 3 at http://127.0.0.1:PORT, ${from}`,
    )
    // The other name of the same variable.
    assert.equal(
      await ask({ PUSHER_APP_SECRET: secret }, { ".env": parts(3).replace(secret, "another") + place() }),
      "0 app 3 at http://127.0.0.1:PORT, from the environment and .env",
    )
  })

  test("of an app in the environment take precedence over a file's PUSHER_URL", async () => {
    const env = Object.fromEntries(
      (parts(3).replaceAll('"', "") + place())
        .trim()
        .split("\n")
        .map((line) => line.split("=")),
    )
    assert.equal(
      await ask(env, { ".env": `PUSHER_URL=${at(2)}` }),
      "0 app 3 at http://127.0.0.1:PORT, from the environment",
    )
    // A place alone is no app.
    assert.equal(
      await ask({ PUSHER_CLUSTER: "eu" }, { ".env": `PUSHER_URL=${at(3)}` }),
      "0 app 3 at http://127.0.0.1:PORT, from the environment and .env",
    )
  })

  test("are named if they are missing", async () => {
    assert.deepEqual(
      await run(["channels"], { env: {} }),
      wrong(`Error: These environment variables are not set: PUSHER_URL (or PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET)
Give --url, or set PUSHER_URL, in the environment or in .env or .dev.vars in this folder.
`),
    )
  })

  test("of a file that cannot be read", async () => {
    const cwd = await mkdtemp(join(folder, "case-"))
    await mkdir(join(cwd, ".env"))
    assert.deepEqual(await run(["channels"], { env: {}, cwd }), wrong("Error: Cannot read .env: EISDIR\n"))
  })
})

for (const host of Object.keys(hosts)) {
  describe(`on ${host}`, () => {
    test("trigger", async () => {
      assert.deepEqual(
        await run(["trigger", "a,b", "greet", '{"text": "hé",  "n": 12345678901234567890}'], { host }),
        ok("Triggered greet on a, b\n"),
      )
      // As it was written.
      assert.deepEqual(lastRequest(), {
        method: "POST",
        path: "/apps/3/events",
        body: { name: "greet", data: '{"text": "hé",  "n": 12345678901234567890}', channels: ["a", "b"] },
      })
      assert.deepEqual(
        await run(["trigger", "a", "greet", "-", "--socket-id", "1.2", "--info", "subscription_count", "--json"], {
          host,
          stdin: "from stdin\n",
        }),
        ok('{"channels":{"a":{"subscription_count":0}}}\n'),
      )
      assert.deepEqual(lastRequest().body, {
        name: "greet",
        data: "from stdin",
        channels: ["a"],
        socket_id: "1.2",
        info: "subscription_count",
      })
    })

    test("publish", async () => {
      const lines = `{"channel":"a","name":"x","data":{"n":1}}\r
nonsense

{"channel":"#","name":"x"}
[]
{"channels":["a","b"],"name":"y","data":"\u2028"}
{"userId":"alice","name":"z"}`
      assert.deepEqual(await run(["publish"], { host, stdin: lines }), {
        code: 1,
        stdout: "Published 3 events in 1 request, 3 failed\n",
        stderr: `line 2: This is not a JSON object
line 4: Invalid channel name: '#'
line 5: This is not a JSON object
`,
      })
      assert.deepEqual(
        lastRequest().body.batch.map(({ channel, name, data }) => [channel, name, data]),
        [
          ["a", "x", '{"n":1}'],
          ["a", "y", "\u2028"],
          ["b", "y", "\u2028"],
          ["#server-to-user-alice", "z", "null"],
        ],
      )
    })

    test("channels, channel and users", async (t) => {
      await subscribe(t, "public", "presence-a")
      assert.deepEqual(await run(["channels", "--prefix", "pub"], { host }), ok("public\n"))
      assert.deepEqual(
        await run(["channels", "--prefix", "presence-", "--info", "user_count", "--json"], { host }),
        ok('{"channels":{"presence-a":{"user_count":1}}}\n'),
      )
      assert.deepEqual(
        await run(["channel", "public", "--info", "subscription_count"], { host }),
        ok("public  occupied true  subscription_count 1\n"),
      )
      assert.deepEqual(await run(["users", "presence-a"], { host }), ok("alice\n"))
      assert.deepEqual(await run(["users", "presence-b"], { host }), ok("", "Nobody is there\n"))
    })

    test("listen", async (t) => {
      const names = ["public", "private-a", "presence-b", "private-encrypted-c"]
      const env = { PUSHER_URL: url, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: masterKey }
      const child = start(["listen", ...names, "--count", "4", "--json"], { host, env })
      t.after(() => child.kill())
      const stdout = text(child.stdout)
      const closed = once(child, "close")
      assert.equal(await readUntil(child.stderr, "\n"), `Listening on ${names.join(", ")}\n`)
      for (const name of names) await run(["trigger", name, "greet", '{"from":"cli"}'], { env })
      assert.equal(
        await stdout,
        names.map((channel) => `${JSON.stringify({ channel, event: "greet", data: { from: "cli" } })}\n`).join(""),
      )
      assert.equal((await closed)[0], 0)
    })

    test("listen --webhooks", async (t) => {
      const child = start(["listen", "--webhooks", "0", "--count", "2", "--json"], { host })
      t.after(() => child.kill())
      const stdout = text(child.stdout)
      const closed = once(child, "close")
      const [, address] = /^Receiving webhooks on (\S+)\n$/.exec(await readUntil(child.stderr, "\n"))
      const events = [{ name: "member_added", channel: "presence-a", user_id: "alice" }]
      const time = Date.now()
      const body = JSON.stringify({ time_ms: time, events })
      const send = async (signedWith) => {
        const headers = {
          "content-type": "application/json",
          "x-pusher-key": key,
          "x-pusher-signature": sign(body, signedWith),
        }
        return (await fetch(address, { method: "POST", headers, body })).status
      }
      assert.deepEqual([await send("another"), await send(secret)], [401, 200])
      const [first, second] = (await stdout).trim().split("\n").map(JSON.parse)
      assert.deepEqual(
        { verified: first.webhook.verified, reason: first.webhook.reason },
        { verified: false, reason: "bad_signature" },
      )
      assert.deepEqual(second, { webhook: { verified: true, time: new Date(time).toISOString(), events } })
      assert.equal((await closed)[0], 0)
    })

    test("doctor", async () => {
      const { code, stdout, stderr } = await run(["doctor"], { host })
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" })
      assert.equal(
        stdout.replaceAll(String(server.port), "PORT"),
        `ok    configuration  app 3 at http://127.0.0.1:PORT, from the environment
ok    proxy          none is set in the environment
ok    connection     http://127.0.0.1:PORT answers
ok    tls            not used: the server is on this machine
ok    clock          agrees with the server's
ok    app            127.0.0.1 knows app 3
ok    credentials    accepted; 0 occupied channels
`,
      )
    })

    test("a refusal of the server", async () => {
      const env = { PUSHER_URL: url.replace("/apps/3", "/apps/4") }
      const { code, stdout, stderr } = await run(["channels"], { host, env })
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" })
      assert.match(
        stderr,
        /^Error: Unexpected status code 404\nThe server says: .*Unknown app id: "4".*\nCheck `appId`/,
      )
      const asJson = await run(["channels", "--json"], { host, env })
      const { error } = JSON.parse(asJson.stdout)
      assert.deepEqual(
        { code: asJson.code, stderr: asJson.stderr, name: error.name, what: error.code, status: error.status },
        { code: 1, stderr: "", name: "PusherRequestError", what: "http", status: 404 },
      )
    })
  })
}

const sign = (text, signedWith = secret) => createHmac("sha256", signedWith).update(text).digest("hex")

/** Reads a stream until it holds a text. Leaves it flowing. */
const readUntil = (stream, end) =>
  new Promise((resolve, reject) => {
    let read = ""
    stream.on("data", (chunk) => {
      read += chunk
      if (read.includes(end)) resolve(read)
    })
    stream.on("end", () => reject(new Error(`the program ended after ${JSON.stringify(read)}`)))
  })

describe("trigger", () => {
  test("seals data on an encrypted channel", async () => {
    const env = { PUSHER_URL: url, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: masterKey }
    assert.deepEqual(
      await run(["trigger", "private-encrypted-a", "greet", '{"a":1}'], { env }),
      ok("Triggered greet on private-encrypted-a\n"),
    )
    assert.match(JSON.parse(lastRequest().body.data).ciphertext, /./)
  })

  test("takes data that begins with a dash after --", async () => {
    assert.deepEqual(await run(["trigger", "a", "greet", "--", "-1"]), ok("Triggered greet on a\n"))
    assert.equal(lastRequest().body.data, "-1")
  })
})

describe("data", () => {
  const digits = '{"id":12345678901234567891,"share":0.1}'
  // Bun and Deno tell how a number was written, and so does Node from 22 on.
  const exact = ["Bun", "Deno", ...("rawJSON" in JSON ? ["Node"] : [])]
  for (const host of exact) {
    test(`keeps the digits of numbers that JavaScript cannot hold, on ${host}`, async () => {
      const stdin = `{"channel":"a","name":"x","data":${digits}}`
      assert.equal((await run(["publish"], { stdin, host })).code, 0)
      assert.equal(lastRequest().body.data, digits)
      assert.equal((await run(["trigger", "a", "x", digits], { host })).code, 0)
      assert.equal(lastRequest().body.data, digits)
      const member = `{"user_id":"alice","user_info":${digits}}`
      const { stdout } = await run(["auth", "1.2", "presence-a", member], { host })
      assert.equal(JSON.parse(stdout).channel_data, member)
    })
  }

  test("that was meant to be JSON is sent as text, with a note", async () => {
    const note = "DATA is not valid JSON, and is sent as text\n"
    assert.deepEqual(await run(["trigger", "a", "x", '{"a":']), ok("Triggered x on a\n", note))
    assert.equal(lastRequest().body.data, '{"a":')
    const env = { PUSHER_URL: url, PUSHER_ENCRYPTION_MASTER_KEY_BASE64: masterKey }
    assert.equal((await run(["trigger", "private-encrypted-a", "x", "[1,"], { env })).stderr, note)
  })
})

test("names the variable of a key that is missing", async () => {
  const hint = "Set PUSHER_ENCRYPTION_MASTER_KEY_BASE64 to 32 random bytes in base64."
  for (const args of [
    ["auth", "1.2", "private-encrypted-a"],
    ["trigger", "private-encrypted-a", "x", "1"],
  ]) {
    const { code, stderr } = await run(args)
    assert.deepEqual([code, stderr.split("\n").at(-2)], [2, hint])
  }
})

describe("publish", () => {
  let folder
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "pusher-http-wasm-cli-")))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const writeLines = async (count) => {
    const file = join(folder, `${count}.jsonl`)
    const line = (index) => `${JSON.stringify({ channel: "a", name: "x", data: { index } })}\n`
    await writeFile(file, Array.from({ length: count }, (_, index) => line(index)).join(""))
    return file
  }

  test("sends a file in as few requests as fit", async () => {
    const requests = server.requests.length
    const file = await writeLines(1000)
    assert.deepEqual(await run(["publish", file]), ok("Published 1000 events in 100 requests\n"))
    const sent = server.requests.slice(requests).flatMap(({ body }) => JSON.parse(body).batch)
    assert.deepEqual(
      sent.map(({ data }) => JSON.parse(data).index),
      Array.from({ length: 1000 }, (_, index) => index),
    )
  })

  test("takes a file with a byte order mark", async () => {
    const stdin = '\ufeff{"channel":"a","name":"x"}\r\n'
    assert.deepEqual(await run(["publish"], { stdin }), ok("Published 1 event in 1 request\n"))
  })

  test("reports failures with their lines as JSON", async () => {
    const { code, stdout, stderr } = await run(["publish", "--json"], { stdin: '\n{"name":"x"}\n{' })
    assert.deepEqual({ code, stderr }, { code: 1, stderr: "" })
    const { published, requests, failed } = JSON.parse(stdout)
    assert.deepEqual({ published, requests }, { published: 0, requests: 0 })
    assert.deepEqual(
      failed.map(({ line, error }) => [line, error.code]),
      [
        [2, "invalid_channel"],
        [3, "not_json"],
      ],
    )
  })

  test("says whether to try again after a fault of the server", async (t) => {
    t.after(server.intercept(() => ({ status: 500 })))
    const { stderr } = await run(["trigger", "a", "greet"])
    assert.match(stderr, /^The server has a problem, and may have taken the event\.$/m)
    const { stdout } = await run(["channels", "--json"])
    const { error } = JSON.parse(stdout)
    assert.deepEqual([error.hint, error.retryable], ["The server has a problem: try again later.", true])
  })

  test("ends at the first failure if it is to", async () => {
    const good = '{"channel":"a","name":"x"}\n'
    const { code, stdout, stderr } = await run(["publish", "--stop-on-error"], { stdin: `${good}{\n${good}` })
    assert.equal(code, 1)
    assert.match(stdout, /^Published [01] events? in [01] requests?, \d failed\n$/)
    assert.match(stderr, /^line 2: This is not a JSON object$/m)
  })

  test("cuts large data if it is to", async () => {
    const stdin = JSON.stringify({ channel: "a", name: "x", data: "y".repeat(200_000) })
    const { code, stdout } = await run(["publish", "--oversize", "chunk", "--max-payload", "10240"], { stdin })
    assert.equal(code, 0)
    assert.match(stdout, /^Published 1 event in \d+ requests\n$/)
    assert.equal(lastRequest().body.name ?? lastRequest().body.batch[0].name, "chunked-x")
  })

  test("reads no faster than it sends, and reports what was done when it is interrupted", async (t) => {
    const reached = new Promise((resolve) => {
      const stop = server.intercept(() => {
        resolve(undefined)
        return { hang: true }
      })
      t.after(stop)
    })
    const child = start(["publish"], { stdin: "open" })
    t.after(() => child.kill("SIGKILL"))
    const outcome = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")])
    child.stdin.write('{"channel":"a","name":"x"}\n'.repeat(40))
    await reached
    child.kill("SIGINT")
    const [stdout, stderr, [code]] = await outcome
    assertHidden(stdout + stderr)
    assert.equal(code, 1)
    assert.match(stdout, /^Published 0 events in 1 request, \d+ failed\n$/)
    assert.match(stderr, /^line 1: /)
  })
})

describe("terminate", () => {
  test("closes a user's connections", async () => {
    assert.deepEqual(await run(["terminate", "alice"]), ok("Closed the connections of alice\n"))
    assert.equal(lastRequest().path, "/apps/3/users/alice/terminate_connections")
    assert.deepEqual(await run(["terminate", "alice", "--json"]), ok("{}\n"))
  })
})

describe("auth and user-auth", () => {
  test("print what pusher-js expects", async () => {
    const auth = (signed) => `${key}:${sign(signed)}`
    assert.deepEqual(
      await run(["auth", "1.2", "private-a"]),
      ok(`${JSON.stringify({ auth: auth("1.2:private-a") })}\n`),
    )
    for (const member of ["alice", '{"user_id":"alice"}', "-"]) {
      const { code, stdout } = await run(["auth", "1.2", "presence-a", member, "--json"], {
        stdin: '{"user_id":"alice"}\n',
      })
      assert.equal(code, 0)
      const data = '{"user_id":"alice"}'
      assert.deepEqual(JSON.parse(stdout), { auth: auth(`1.2:presence-a:${data}`), channel_data: data })
    }
    for (const user of ["alice", '{"id":"alice"}']) {
      const { stdout } = await run(["user-auth", "1.2", user])
      const data = '{"id":"alice"}'
      assert.deepEqual(JSON.parse(stdout), { auth: auth(`1.2::user::${data}`), user_data: data })
    }
  })
})

describe("sign", () => {
  test("prints a URL that the server accepts", async (t) => {
    await subscribe(t, "presence-x")
    const { code, stdout } = await run(["sign", "get", "/apps/3/channels?filter_by_prefix=presence-&info=user_count"])
    assert.equal(code, 0)
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/apps\/3\/channels\?\S+\n$/)
    const answer = await fetch(stdout.trim())
    assert.deepEqual(await answer.json(), { channels: { "presence-x": { user_count: 1 } } })
  })

  test("signs a body", async () => {
    const body = '{"name":"x","data":"é","channels":["a"]}'
    for (const [file, stdin] of [["-", body]]) {
      const { stdout } = await run(["sign", "POST", "/apps/3/events", "--body", file, "--json"], { stdin })
      const { method, url: signed, path, query } = JSON.parse(stdout)
      assert.deepEqual(
        { method, path, whole: signed.endsWith(`${path}?${query}`) },
        { method: "POST", path: "/apps/3/events", whole: true },
      )
      assert.equal((await fetch(signed, { method, body })).status, 200)
    }
  })
})

describe("verify-webhook", () => {
  const events = [
    { name: "channel_occupied", channel: "a" },
    { name: "member_added", channel: "presence-a", user_id: "é" },
  ]
  const body = JSON.stringify({ time_ms: 1, events })
  const check = (signature, more = [], given = {}) =>
    run(["verify-webhook", "--key", key, "--signature", signature, ...more], { stdin: body, ...given })

  test("shows the events of an authentic one", async () => {
    assert.deepEqual(
      await check(sign(body)),
      ok('verified\nchannel_occupied  a\nmember_added  presence-a  {"user_id":"é"}\n'),
    )
    assert.deepEqual(await check(sign(body), ["--json"]), ok(`${body}\n`))
  })

  test("exits with 1 for another", async () => {
    assert.deepEqual(
      await check(sign(body, "another")),
      refused("Error: Invalid WebHook: bad_signature\nAnother secret signed it, or the body changed\n"),
    )
    const { code, stdout } = await check(sign(body, "another"), ["--json"])
    assert.equal(code, 1)
    assert.equal(JSON.parse(stdout).error.reason, "bad_signature")
  })
})

describe("listen", () => {
  test("names the package that it needs", async () => {
    assert.deepEqual(
      await run(["listen", "a"], { place: withoutPusherJs, cwd: withoutPusherJs.folder }),
      wrong("Error: `listen` needs pusher-js, which is not installed here\nnpm install --save-dev pusher-js\n"),
    )
  })

  test("finds it in the current folder, as with npx", async (t) => {
    const child = start(["listen", "a", "--count", "1"], { place: withoutPusherJs, cwd: installed.folder })
    t.after(() => child.kill())
    const stdout = text(child.stdout)
    await readUntil(child.stderr, "Listening on a\n")
    await run(["trigger", "a", "greet", "\x1b[31mred\x07"])
    assert.equal(await stdout, "a  greet  \\u001b[31mred\\u0007\n")
  })

  test("prints a line for each event, and nothing that a terminal obeys", async (t) => {
    const child = start(["listen", "a", "--count", "1"])
    const asJson = start(["listen", "a", "--count", "1", "--json"])
    t.after(() => [child, asJson].map((one) => one.kill()))
    const outputs = [child, asJson].map(({ stdout }) => text(stdout))
    await Promise.all([child, asJson].map(({ stderr }) => readUntil(stderr, "Listening on a\n")))
    await run(["trigger", "a", "one\ntwo", "three\nfour\u009b2J\x7f\u202eevif"])
    assert.deepEqual(await Promise.all(outputs), [
      "a  one\\u000atwo  three\\u000afour\\u009b2J\\u007f\\u202eevif\n",
      '{"channel":"a","event":"one\\ntwo","data":"three\\nfour\\u009b2J\\u007f\\u202eevif"}\n',
    ])
  })

  test("ends with 1 if the server refuses the connection or a subscription, and with 0 at Ctrl-C", async (t) => {
    const unknown = await run(["listen", "a"], { env: { PUSHER_URL: url.replace(`//${key}`, "//another") } })
    assert.deepEqual({ code: unknown.code, stdout: unknown.stdout }, { code: 1, stdout: "" })
    assert.match(unknown.stderr, /^Error: The server refuses the connection: .*\(4001\)\n$/)
    const denied = await run(["listen", "private-a"], { env: { PUSHER_URL: url.replace(secret, "another") } })
    assert.equal(denied.code, 1)
    assert.match(denied.stderr, /^Error: .*private-a/)
    const child = start(["listen", "a"])
    t.after(() => child.kill("SIGKILL"))
    await readUntil(child.stderr, "Listening on a\n")
    child.kill("SIGINT")
    assert.equal((await once(child, "close"))[0], 0)
  })

  test("says that there is no connection", async (t) => {
    const port = await findFreePort()
    const child = start(["listen", "a"], { env: { PUSHER_URL: `http://${key}:${secret}@127.0.0.1:${port}/apps/3` } })
    t.after(() => child.kill())
    assert.equal(
      await readUntil(child.stderr, "\n"),
      `No connection to http://127.0.0.1:${port}; trying again. Is a server running there?\n`,
    )
  })

  test("says that its port is taken", async (t) => {
    const blocker = createServer().listen(0, "127.0.0.1")
    t.after(() => blocker.close())
    await once(blocker, "listening")
    const { port } = blocker.address()
    assert.deepEqual(
      await run(["listen", "--webhooks", String(port)]),
      wrong(`Error: Cannot listen on --webhooks ${port}: the port is in use\n${PORT_HINT}\n`),
    )
  })

  test("prints webhooks of the server for people", async (t) => {
    const child = start(["listen", "--webhooks", "0", "--count", "1"])
    t.after(() => child.kill())
    const stdout = text(child.stdout)
    const [, address] = /^Receiving webhooks on (\S+)\n$/.exec(await readUntil(child.stderr, "\n"))
    server.apps[0].webhooks = [{ url: address, events: ["channel_occupied"] }]
    t.after(() => {
      server.apps[0].webhooks = []
    })
    await subscribe(t, "webhooks")
    assert.equal(await stdout, "verified  channel_occupied  webhooks\n")
  })
})

describe("serve", () => {
  const startServer = async (t, args = [], given = {}) => {
    const child = start(["serve", "--port", "0", "--json", ...args], { env: {}, ...given })
    t.after(() => child.kill("SIGKILL"))
    const closed = once(child, "close")
    const shown = JSON.parse(await readUntil(child.stdout, "\n"))
    const stop = async (signal = "SIGINT") => {
      child.kill(signal)
      assert.equal((await closed)[0], 0)
    }
    return { ...shown, stop }
  }

  for (const host of Object.keys(hosts)) {
    test(`runs a server with a page, on ${host}`, async (t) => {
      const { page, PUSHER_URL, stop } = await startServer(t, [], { host })
      assert.deepEqual(
        await run(["trigger", "a", "greet", "hello"], { env: { PUSHER_URL } }),
        ok("Triggered greet on a\n"),
      )
      const answer = await fetch(page)
      assert.match(await answer.text(), /^<!doctype html>/)
      assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/)
      const readState = async () => (await fetch(`${page}/state`)).json()
      await readState()
      const { requests, ...others } = await readState()
      assert.deepEqual(others, { channels: [], webhooks: [] })
      assert.deepEqual(requests, [
        {
          method: "POST",
          path: "/apps/app-id/events",
          status: 200,
          body: '{"name":"greet","data":"hello","channels":["a"]}',
        },
      ])
      assert.equal((await fetch(`${page}/other`)).status, 404)
      await stop()
    })
  }

  test("shows the last 50 requests, and why the server refused them", async (t) => {
    const { url: running, page, stop } = await startServer(t)
    for (let index = 0; index < 51; index++) await fetch(`${running}/${index}`)
    const { requests } = await (await fetch(`${page}/state`)).json()
    assert.equal(requests.length, 50)
    assert.deepEqual(requests[0], {
      method: "GET",
      path: "/1",
      status: 404,
      body: "",
      error: "Not found: no such endpoint\n",
    })
    await stop()
  })

  test("shows the page under both names of this machine, and to no other", async (t) => {
    const { page, stop } = await startServer(t)
    const ask = async (host) => {
      const request = get(`${page}/state`, { headers: { host } })
      const [response] = await once(request, "response")
      response.resume()
      return response.statusCode
    }
    const { host, port } = new URL(page)
    assert.deepEqual(
      await Promise.all(
        [host, `localhost:${port}`, `evil.example:${port}`, "localhost", `localhost:${port}.evil`].map(ask),
      ),
      [200, 200, 403, 403, 403],
    )
    await stop()
  })

  test("sends webhooks, which `listen` takes", async (t) => {
    const env = { PUSHER_URL: "http://app-key:app-secret@127.0.0.1/apps/app-id" }
    const receiver = start(["listen", "--webhooks", "0", "--count", "1"], { env })
    t.after(() => receiver.kill())
    const received = text(receiver.stdout)
    const [, address] = /^Receiving webhooks on (\S+)\n$/.exec(await readUntil(receiver.stderr, "\n"))
    const { page, PUSHER_URL, stop } = await startServer(t, ["--webhooks", address])
    const listener = start(["listen", "news"], { env: { PUSHER_URL } })
    t.after(() => listener.kill())
    assert.equal(await received, "verified  channel_occupied  news\n")
    const { channels } = await (await fetch(`${page}/state`)).json()
    assert.deepEqual(channels, [{ name: "news", count: 1 }])
    await stop("SIGTERM")
  })

  test("says for people what to set, and that a port is taken", async (t) => {
    const { url: running, stop } = await startServer(t)
    const { port } = new URL(running)
    assert.deepEqual(
      await run(["serve", "--port", port]),
      wrong(`Error: Cannot listen on --port ${port}: the port is in use\n${PORT_HINT}\n`),
    )
    assert.deepEqual(
      await run(["serve", "--port", "0", "--page", port]),
      wrong(`Error: Cannot listen on --page ${port}: the port is in use\n${PORT_HINT}\n`),
    )
    await stop()
    const child = start(["serve", "--port", "0", "--webhooks", "http://u:p@127.0.0.1:3000/hooks?a=b"], { env: {} })
    t.after(() => child.kill())
    assert.equal(
      (await readUntil(child.stdout, "/hooks\n")).replace(/(127\.0\.0\.1:|wsPort: )(?!3000)\d+/g, "$1PORT"),
      `Channels server: http://127.0.0.1:PORT
Page: http://127.0.0.1:PORT
PUSHER_URL=http://app-key:app-secret@127.0.0.1:PORT/apps/app-id
pusher-js: new Pusher("app-key", { cluster: "local", wsHost: "127.0.0.1", wsPort: PORT, forceTLS: false, enabledTransports: ["ws"] })
Webhooks go to http://127.0.0.1:3000/hooks
`,
    )
  })

  test("gives programs what pusher-js connects with", async (t) => {
    const { pusherJs, stop } = await startServer(t)
    const page = new PusherJs(pusherJs.key, pusherJs.options)
    t.after(() => page.disconnect())
    await new Promise((resolve) => page.connection.bind("connected", resolve))
    page.disconnect()
    await stop()
  })

  test("names the package that it needs", async () => {
    const { code, stderr } = await run(["serve", "--port", "0"], {
      place: withoutPusherJs,
      cwd: withoutPusherJs.folder,
    })
    assert.deepEqual(
      { code, stderr },
      { code: 2, stderr: "Error: `serve` needs ws, which is not installed here\nnpm install --save-dev ws\n" },
    )
  })
})

describe("doctor says what is wrong, in words", () => {
  const diagnose = async (env, ...args) => {
    const { code, stdout } = await run(["doctor", "--json", ...args], { env })
    const { ok, checks } = JSON.parse(stdout)
    assert.equal(code, ok ? 0 : 1)
    assert.deepEqual(
      checks.map(({ name }) => name),
      ["configuration", "proxy", "connection", "tls", "clock", "app", "credentials"],
    )
    return Object.fromEntries(checks.map(({ name, state, message }) => [name, `${state} ${message}`]))
  }
  const assertLine = (line, pattern) => assert.match(line, pattern)

  test("no settings", async () => {
    const { configuration, connection } = await diagnose({})
    assertLine(configuration, /^fail These environment variables are not set: .*\. Give --url/)
    assert.equal(connection, "skip not tried")
  })

  test("a wrong app, key or secret, and an app that is disabled", async (t) => {
    const app = await diagnose({ PUSHER_URL: url.replace("/apps/3", "/apps/4") })
    assertLine(app.app, /^fail 127\.0\.0\.1 has no app 4: check PUSHER_APP_ID, and the cluster or host/)
    const wrongKey = await diagnose({ PUSHER_URL: url.replace(`//${key}`, "//another") })
    assertLine(wrongKey.app, /^fail 127\.0\.0\.1 does not know the key for app 3: check PUSHER_KEY/)
    const wrongSecret = await diagnose({ PUSHER_URL: url.replace(secret, `${secret}x`) })
    assertLine(wrongSecret.app, /^ok/)
    assertLine(wrongSecret.credentials, /^fail the secret is not that of the key/)
    server.apps[0].enabled = false
    t.after(() => {
      server.apps[0].enabled = true
    })
    const disabled = await diagnose({ PUSHER_URL: url })
    assertLine(disabled.credentials, /^fail the app is disabled, or over its quota/)
  })

  test("a clock that is off", async (t) => {
    let offset
    const skewed = createServer((_, response) => {
      response.setHeader("date", new Date(Date.now() - offset * 1000).toUTCString())
      response.end('{"channels":{}}')
    }).listen(0, "127.0.0.1")
    t.after(() => skewed.close())
    await once(skewed, "listening")
    const env = { PUSHER_URL: `http://${key}:${secret}@127.0.0.1:${skewed.address().port}/apps/3` }
    offset = 3600
    assertLine((await diagnose(env)).clock, /^fail 3[56]\d\d seconds ahead of the server's, more than the 600/)
    offset = -3600
    assertLine((await diagnose(env)).clock, /^fail 3[56]\d\d seconds behind the server's/)
    offset = 200
    assertLine((await diagnose(env)).clock, /^note (199|2\d\d) seconds ahead of the server's; 600 are accepted/)
    offset = Number.NaN
    assertLine((await diagnose(env)).clock, /^note the server does not say what time it is/)
  })

  test("a server that is not there", async () => {
    const port = await findFreePort()
    const { connection, tls } = await diagnose({ PUSHER_URL: `http://${key}:${secret}@127.0.0.1:${port}/apps/3` })
    assert.equal(
      connection,
      `fail nothing listens at http://127.0.0.1:${port}: check the host and the port, and that the server runs`,
    )
    assert.equal(tls, "skip not tried")
    const unknown = await diagnose({ PUSHER_URL: `http://${key}:${secret}@no-such-host.invalid/apps/3` })
    assertLine(unknown.connection, /^fail there is no server no-such-host\.invalid: check PUSHER_HOST/)
    // Without asking any name server.
    const failing = `globalThis.fetch = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } }))`
    const cluster = await diagnose({
      PUSHER_APP_ID: "3",
      PUSHER_KEY: key,
      PUSHER_SECRET: secret,
      PUSHER_CLUSTER: "nowhere",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(failing)}`,
    })
    assertLine(cluster.connection, /^fail there is no server api-nowhere\.pusher\.com: is nowhere the app's cluster\?/)
  })

  test("TLS to a server without it, and a certificate that nobody vouches for", async (t) => {
    const plain = await diagnose({ PUSHER_URL: url.replace("http:", "https:") })
    assertLine(plain.tls, /^fail the server does not speak TLS on this port/)
    const own = createTlsServer(await makeCertificate(), (_, response) => response.end("{}")).listen(0, "127.0.0.1")
    t.after(() => own.close())
    await once(own, "listening")
    const { connection, tls } = await diagnose({
      PUSHER_URL: `https://${key}:${secret}@127.0.0.1:${own.address().port}/apps/3`,
    })
    assertLine(connection, /^ok/)
    assertLine(tls, /^fail the server's certificate is not trusted here/)
  })

  test("proxies, without their passwords", async () => {
    const { proxy } = await diagnose({ PUSHER_URL: url, HTTPS_PROXY: `http://user:${secret}@127.0.0.1:1` })
    assertLine(proxy, /^note HTTPS_PROXY is set, but Node does not use it/)
  })
})

/** Makes a certificate that is signed by itself. */
const makeCertificate = async () => {
  const folder = await mkdtemp(join(tmpdir(), "pusher-http-wasm-cli-"))
  const [keyFile, certFile] = [join(folder, "key"), join(folder, "cert")]
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
  const child = spawn("openssl", [...args, "-subj", "/CN=127.0.0.1", "-keyout", keyFile, "-out", certFile], {
    stdio: "ignore",
  })
  assert.equal((await once(child, "close"))[0], 0)
  const pair = { key: await readFile(keyFile), cert: await readFile(certFile) }
  await rm(folder, { recursive: true })
  return pair
}

describe("on a terminal", () => {
  /** Runs the program on a pseudo-terminal of 80 columns. Resolves to what the terminal got, and the exit code. */
  const runOnTerminal = async (args, env = {}) => {
    const { PATH, HOME } = process.env
    const child = spawn(
      "python3",
      [join(import.meta.dirname, "cli-terminal.py"), process.execPath, program(), ...args],
      {
        cwd: installed.folder,
        env: { PATH, HOME, TERM: "xterm", PUSHER_URL: url, ...env },
        stdio: ["ignore", "pipe", "inherit"],
      },
    )
    const [screen, [code]] = await Promise.all([text(child.stdout), once(child, "close")])
    assertHidden(screen)
    return { screen: screen.replaceAll("\r\n", "\n"), code }
  }

  test("has colours, and none with NO_COLOR or on a terminal that has none", async () => {
    const coloured = await runOnTerminal(["channel", "#"])
    assert.equal(coloured.code, 2)
    const [first, second] = coloured.screen.split("\n")
    assert.equal(first, "\x1b[31mError: \x1b[0mInvalid channel name: '#'")
    assert.ok(second.startsWith("\x1b[2mA channel name"), second)
    assert.equal((await runOnTerminal(["channel", "a"])).screen, "\x1b[36ma\x1b[0m  occupied false\n")
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      assert.equal((await runOnTerminal(["channel", "a"], env)).screen, "a  occupied false\n")
      assert.match((await runOnTerminal(["channel", "#"], env)).screen, /^Error: Invalid channel name: '#'\nA channel/)
    }
    assert.equal((await runOnTerminal(["channel", "a", "--json"])).screen, '{"occupied":false}\n')
  })

  test("has a progress bar, which goes away", async () => {
    const file = join(installed.folder, "events.jsonl")
    await writeFile(file, '{"channel":"a","name":"x"}\n'.repeat(200))
    const { screen, code } = await runOnTerminal(["publish", file])
    assert.equal(code, 0)
    // Each state is written over the one before, and what is left of that erased.
    const states = screen.split("\r").map((state) => state.replaceAll("\x1b[K", ""))
    assert.equal(screen.split("\x1b[K").length, states.length)
    assert.match(states[1], /^\[#+-+\] +\d+ % 10 published, 0 failed, 1 request$/)
    assert.match(states.at(-2), /^\[#{24}\] 100 % 200 published, 0 failed, 20 requests$/)
    assert.equal(states.at(-1), "Published 200 events in 20 requests\n")
    for (const state of states) assert.ok(state.trimEnd().length < 80, state)
  })
})

describe("completion", () => {
  /** Returns what bash completes after words. */
  const completeInBash = async (...words) => {
    const { stdout } = await run(["completion", "bash"])
    const script = `${stdout}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
_pusher_http_wasm
printf '%s\\n' "\${COMPREPLY[@]}"`
    const child = spawn("bash", ["-c", script])
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    assert.equal(err, "")
    return out.trim().split("\n")
  }

  test("in bash: commands, options and their values", async () => {
    assert.deepEqual(
      (await completeInBash("pusher-http-wasm", "")).slice(0, commands.length),
      commands.map(({ name }) => name),
    )
    assert.deepEqual(await completeInBash("pusher-http-wasm", "ch"), ["channels", "channel"])
    assert.deepEqual(await completeInBash("pusher-http-wasm", "channels", "--"), [
      "--prefix",
      "--info",
      "--url",
      "--json",
      "--help",
    ])
    assert.deepEqual(await completeInBash("pusher-http-wasm", "publish", "--oversize", ""), ["error", "chunk"])
    assert.deepEqual(await completeInBash("pusher-http-wasm", "completion", "f"), ["fish"])
  })

  test("in zsh and fish: names every command and option", async () => {
    for (const [shell, form] of [
      ["zsh", (name) => `--${name}[`],
      ["fish", (name) => `-l ${name} `],
    ]) {
      const { code, stdout } = await run(["completion", shell])
      assert.equal(code, 0)
      for (const { name, options } of commands) {
        assert.ok(stdout.includes(name), `${shell}: ${name}`)
        for (const option of options)
          assert.ok(stdout.includes(form(option.name)), `${shell}: ${name} --${option.name}`)
      }
    }
  })
})

test("runs by its name, as npm installs it", async () => {
  const child = spawn(join(installed.folder, "node_modules/.bin/pusher-http-wasm"), ["--version"], { cwd: tmpdir() })
  assert.match(await text(child.stdout), /^\d+\.\d+\.\d+\n$/)
})

test("ends quietly when nobody reads what it prints", async () => {
  const child = start(["completion", "bash"])
  child.stdout.destroy()
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")])
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" })
})
