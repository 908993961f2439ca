// `sign`: a URL for other programs, such as curl.
import { baseUrlOf } from "../configuration.js"
import { UsageError } from "../errors.js"
import { readAll } from "../input.js"

export const sign = {
  name: "sign",
  summary: "Sign a request for another program to send",
  parameters: [
    { name: "method", label: "METHOD", text: "GET, POST …" },
    { name: "path", label: "PATH", text: "The whole path, with its query: /apps/APP_ID/channels" },
  ],
  options: [{ name: "body", label: "FILE", text: "The body, exactly as it will be sent; - reads stdin" }],
  notes: ["Prints the signed URL. Servers accept it for 10 minutes."],
  example: 'curl "$(pusher-http-wasm sign GET /apps/3/channels)"',
  async run({ method, path, options: { body }, output, openClient }) {
    const { pusher } = await openClient()
    if (!path.startsWith("/")) throw new UsageError("PATH must begin with /")
    const [plain, query = ""] = path.split(/\?(.*)/s)
    const params = Object.fromEntries(new URLSearchParams(query))
    const text = body === undefined ? undefined : (await readAll(body)).toString()
    const upper = method.toUpperCase()
    const signed = pusher.createSignedQueryString({ method: upper, path: plain, params, body: text })
    const url = `${baseUrlOf(pusher)}${plain}?${signed}`
    output.result({ method: upper, url, path: plain, query: signed }, [url])
  },
}
