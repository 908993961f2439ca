// workerd: the same in a request.
import { held } from "./spy.mjs"
import Pusher from "pusher-http-wasm"
import { endure } from "./steps.mjs"

export default {
  async fetch(request) {
    const { counter, share } = await request.json()
    await endure(
      Pusher,
      async (sample) => {
        await (await fetch(counter, { method: "POST", body: JSON.stringify({ ...sample, ...held() }) })).text()
      },
      share,
    )
    return new Response("done")
  },
}
