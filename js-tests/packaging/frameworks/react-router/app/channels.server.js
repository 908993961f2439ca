// `.server` keeps it out of the browser.
import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

import { env } from "cloudflare:workers"

// At module scope: the variables are known there.
export const pusher = Pusher.fromEnv(env)

export const refusal = (error) => {
  if (error instanceof PusherValidationError) return Response.json({ code: error.code }, { status: 400 })
  if (error instanceof PusherRequestError) return Response.json({ code: error.code }, { status: 502 })
  throw error
}
