// workerd: measures the case that a request names. `node-fetch`, which `pusher` sends with, is the stub in this bundle.
import pusher from "pusher"
import edge from "pusher-http-edge"
import ours from "pusher-http-wasm"
import nacl from "tweetnacl"

import { answering } from "./answering.mjs"
import { cases } from "./cases/all.mjs"
import { librariesOf } from "./libraries.mjs"
import { stubFetch } from "./stub.mjs"

globalThis.fetch = stubFetch
let libraries

export default answering(() => {
  // Not at module scope, where keys cannot be imported.
  libraries ??= librariesOf({ ours, pusher, edge, nacl })
  return { cases, libraries }
})
