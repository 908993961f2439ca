// In lib/server, so that SvelteKit keeps it out of the browser.
import { json } from "@sveltejs/kit"
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

export const pusherOf = (platform) => Pusher.fromEnv(platform.env)

export const refusal = (error) => {
  if (error instanceof PusherValidationError) return json({ code: error.code }, { status: 400 })
  if (error instanceof PusherRequestError) return json({ code: error.code }, { status: 502 })
  throw error
}
