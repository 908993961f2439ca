// A user's program, which passes its functions to ../start.mjs.
import * as chunks from "pusher-http-wasm/chunks"

import { greet, library } from "./greet.js"

globalThis.started({ greet, library, subpaths: { chunks } })
