// A server that records its requests, and the rules by which servers check them.
import assert from "node:assert/strict"
import { createHash, createHmac } from "node:crypto"
import { createServer } from "node:http"

export const credentials = { appId: "3", key: "278d425bdf160c739803", secret: "7ad3773142a6692b25b8" }
export const masterKey = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

/** Starts a server on this machine that records its requests and has `answer` answer them. */
export const startStub = async () => {
  const stub = { requests: [], answer: (_request, response) => response.end("{}") }
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    stub.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    stub.answer(request, response)
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  stub.options = { host: "127.0.0.1", port: server.address().port, useTLS: false }
  stub.close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return stub
}

/** Finds a port on which nothing listens. */
export const findUnusedPort = async () => {
  const { options, close } = await startStub()
  await close()
  return options.port
}

/** Headers that the HTTP client sets by itself. The two libraries use different clients. */
const TRANSPORT_HEADERS = ["accept", "accept-encoding", "accept-language", "connection", "sec-fetch-mode", "user-agent"]

/** Returns a request in the form in which those of both libraries are the same. */
export const toPlainRequest = ({ method, url, headers, body }) => {
  const own = Object.entries(headers).filter(([name]) => !TRANSPORT_HEADERS.includes(name))
  const plain = Object.fromEntries(own)
  plain["x-pusher-library"] = plain["x-pusher-library"].replace(/^pusher-http-(node|wasm) \d+\.\d+\.\d+$/, "(library)")
  return { method, url, headers: plain, body }
}

/** Checks a request as the documentation tells servers to: the signature covers names in lower case and decoded values, sorted by name. */
export const assertSigned = ({ method, url, body }, { key, secret } = credentials) => {
  const at = url.lastIndexOf("?")
  const [path, query] = [url.slice(0, at), url.slice(at + 1)]
  const pairs = query.split("&").map((pair) => pair.split("=").map(decodeURIComponent))
  const signature = pairs.findIndex(([name]) => name === "auth_signature")
  const [[, given]] = pairs.splice(signature, 1)
  const text = pairs
    .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()), value])
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map((pair) => pair.join("="))
    .join("&")
  assert.equal(given, createHmac("sha256", secret).update(`${method}\n${path}\n${text}`).digest("hex"))
  const values = Object.fromEntries(pairs)
  assert.equal(values.auth_key, key)
  assert.equal(values.auth_version, "1.0")
  assert.equal(values.body_md5, body ? createHash("md5").update(body).digest("hex") : undefined)
}
