// A client that only sends what was signed when it was made.
import Pusher from "pusher-http-wasm"

import { dataOf } from "./inputs.mjs"
import { sendWithContract, signEvent } from "./pre-signed.mjs"

export class PreSigned {
  #signed

  constructor(options) {
    this.#signed = signEvent(new Pusher(options), options, dataOf(200))
  }

  trigger() {
    return sendWithContract(this.#signed)
  }
}
