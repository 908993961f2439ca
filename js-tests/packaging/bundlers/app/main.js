// A user's program, which passes its functions to ../start.mjs.
import { greet, library } from "./greet.js"

globalThis.started({ greet, library })
