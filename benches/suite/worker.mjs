// workerd: measures the case that a request names. `node-fetch`, which `pusher` sends with, is the stub in this bundle.
import edge from "pusher-http-edge"
import pusher from "pusher"
import ours from "pusher-http-wasm"
import nacl from "tweetnacl"

import { cases } from "./cases/all.mjs"
import { librariesOf } from "./libraries.mjs"
import { measure } from "./measure.mjs"
import { stubFetch } from "./stub.mjs"

globalThis.fetch = stubFetch
let libraries

export default {
  async fetch(request) {
    const { name, settings } = await request.json()
    // Not at module scope, where keys cannot be imported.
    libraries ??= await librariesOf({ ours, pusher, edge, nacl })
    try {
      return Response.json(await measure(cases.find((measured) => measured.name === name), libraries, settings))
    } catch (error) {
      return new Response(error.stack, { status: 500 })
    }
  },
}
