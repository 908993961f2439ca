// A user's Worker.
import * as chunks from "pusher-http-wasm/chunks"

import { greet, library } from "./greet.js"
import { smoke } from "./smoke.js"

let result
export default {
  async fetch(request) {
    const { environment, url, channel } = await request.json()
    const status = await greet(url, channel)
    result ??= smoke(library, { ...environment, subpaths: { chunks } })
    return Response.json({ status, ...(await result) })
  },
}
