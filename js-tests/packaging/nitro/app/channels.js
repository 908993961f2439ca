import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

/** Cloudflare passes the variables with each request; elsewhere they are the host's. */
export const getPusher = (event) => Pusher.fromEnv(event.context.cloudflare?.env)

export const refuse = (error) => {
  if (error instanceof PusherValidationError) return Response.json({ code: error.code }, { status: 400 })
  if (error instanceof PusherRequestError) return Response.json({ code: error.code }, { status: 502 })
  throw error
}
