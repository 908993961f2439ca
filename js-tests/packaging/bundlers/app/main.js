// A user's program; it hands over what it has to whoever started it (../start.mjs).
import { greet, library } from "./greet.js"

globalThis.started({ greet, library })
