// Runs the suite in workerd, inside a request: Workers allow no I/O outside of one.
import * as library from "pusher-http-wasm"
import QUnit from "qunit"

import { runSuite } from "../suite/index.mjs"

let result
export default {
  async fetch(request) {
    result ??= runSuite(QUnit, library, await request.json())
    return Response.json(await result)
  },
}
