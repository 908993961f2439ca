// Exercises a server that serves handler.mjs through an adapter of `pusher-http-wasm/node`.
import assert from "node:assert/strict"
import { cp } from "node:fs/promises"
import { Agent, request } from "node:http"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"

import { makeVariables } from "../frameworks/servers.mjs"
import { prefixNames, runCases, serve } from "../projects.mjs"

/**
 * Sends a request over an agent's connection.
 * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, bytes: Buffer, port: number }>} `port` is our own
 */
const send = (agent, url, { method = "GET", headers = {}, body } = {}) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers })
    sent.on("error", reject)
    sent.on("response", (response) => {
      const { localPort } = response.socket
      buffer(response).then(
        (bytes) => resolve({ status: response.statusCode, headers: response.headers, bytes, port: localPort }),
        reject,
      )
    })
    sent.end(body)
  })

/**
 * Makes the cases for a server that has the handler below `raw`, where no parser runs. Where there are parsers, it is below `parsed` as well:
 * they keep the bytes of JSON if `keepsBytes`; and below `kept`, with a parser that keeps bytes, if `hasKept`.
 */
const makeCases = (
  base,
  { members, isFramework = true, hasParsers = true, hasKept = hasParsers, keepsBytes = false },
) => {
  const json = { method: "POST", headers: { "content-type": "application/json" }, body: '{ "a": [1, "\u00e9"] }' }
  const form = { ...json, headers: { "content-type": "application/x-www-form-urlencoded" }, body: "a=1&b=%C3%A9" }
  const text = { ...json, headers: { "content-type": "text/plain" }, body: "a=1" }
  const ask = async (path, options) => {
    const agent = new Agent({ keepAlive: true })
    try {
      return await send(agent, `${base}/${path}`, options)
    } finally {
      agent.destroy()
    }
  }
  const echo = async (path, options) => JSON.parse((await ask(path, options)).bytes)
  const assertBody = async (path, options, expected) => {
    const { body, isParsed, type } = await echo(path, options)
    assert.deepEqual({ body, isParsed }, expected)
    assert.equal(type, expected.isParsed ? "application/json" : options.headers["content-type"])
  }
  const same = ({ body }) => ({ body, isParsed: false })

  return {
    "makes a Request": async () => {
      assert.deepEqual(await echo("raw/echo?x=1&y=%26", json), {
        method: "POST",
        path: "/raw/echo",
        query: "?x=1&y=%26",
        type: "application/json",
        body: json.body,
        isParsed: false,
        scheme: "http",
        members,
      })
    },
    "reads bodies of any type where no parser runs": async () => {
      for (const options of [json, form, text]) await assertBody("raw/echo", options, same(options))
    },
    ...(hasParsers && {
      "takes what a parser has made of a body": async () => {
        await assertBody("parsed/echo", json, keepsBytes ? same(json) : { body: '{"a":[1,"\u00e9"]}', isParsed: true })
        await assertBody(
          "parsed/echo",
          form,
          keepsBytes ? same(form) : { body: '{"a":"1","b":"\u00e9"}', isParsed: true },
        )
        await assertBody("parsed/echo", text, same(text))
      },
    }),
    ...(hasKept && {
      "takes the bytes that a parser keeps": () => assertBody("kept/echo", json, same(json)),
    }),
    "writes status, headers and cookies": async () => {
      const { status, headers, bytes } = await ask("raw/cookies")
      assert.deepEqual({ status, text: String(bytes) }, { status: 418, text: "teapot" })
      assert.deepEqual([headers["x-a"], headers["set-cookie"]], ["1", ["a=1; Path=/", "b=2"]])
      if (isFramework) assert.equal(headers["x-before"], "1")
    },
    "writes no body where there is none": async () => {
      const { status, bytes, headers } = await ask("raw/empty")
      assert.deepEqual(
        { status, length: bytes.length, type: headers["content-type"] },
        { status: 403, length: 0, type: undefined },
      )
    },
    "answers HEAD": async () => {
      for (const path of ["raw/echo", "raw/empty", "raw/large"]) {
        const { status, bytes } = await ask(path, { method: "HEAD" })
        assert.deepEqual({ status, length: bytes.length }, { status: path === "raw/empty" ? 403 : 200, length: 0 })
      }
    },
    "writes a large body": async () => {
      const { bytes } = await ask("raw/large")
      assert.equal(bytes.length, 64 * 16_384)
      assert.ok(bytes.every((byte, at) => byte === 1 + Math.floor(at / 16_384)))
    },
    "keeps the connection usable where the handler leaves a part of a body": async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      try {
        const first = await send(agent, `${base}/raw/refuse`, { ...text, body: "x".repeat(300_000) })
        const second = await send(agent, `${base}/raw/cookies`)
        assert.deepEqual([first.status, second.status, first.port === second.port], [413, 418, true])
      } finally {
        agent.destroy()
      }
    },
    "hands over what the handler throws": async () => {
      const { status, bytes, headers } = await ask("raw/fail")
      assert.equal(status, 500)
      if (isFramework) assert.equal(headers["x-failed"], "from the handler")
      else assert.equal(String(bytes), "Internal Server Error")
    },
  }
}

/** Copies the handler into the project, starts a server that prints its port, and runs the cases. */
export async function exerciseAdapter(context, args, { label, ...options }) {
  await cp(join(import.meta.dirname, "handler.mjs"), join(context.folder, "handler.mjs"))
  const { match, stop } = await serve(process.execPath, args, {
    cwd: context.folder,
    env: makeVariables(context),
    ready: /listening on (\d+)/,
  })
  try {
    return await runCases(prefixNames(label, makeCases(`http://127.0.0.1:${match[1]}`, options)))
  } finally {
    await stop()
  }
}
