// workerd: the cases that send requests. `node-fetch`, which `pusher` sends with, is the host's `fetch` in this bundle.
import pusher from "pusher"
import edge from "pusher-http-edge"
import ours from "pusher-http-wasm"

import { answering } from "./answering.mjs"
import { sendingTo } from "./cases/sending.mjs"

export default answering(({ server }) => ({ cases: sendingTo(server), libraries: { ours, pusher, edge } }))
