// workerd: the same in a request.
import "./spy.mjs"
import Pusher from "pusher-http-wasm"

import { endure } from "./endure.mjs"

export default {
  async fetch(request) {
    await endure(Pusher, await request.json())
    return new Response("done")
  },
}
