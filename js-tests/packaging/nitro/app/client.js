import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

/** Makes a client of what Nitro knows of a request. Cloudflare passes the variables with it; elsewhere they are the host's. */
export const getClient = ({ cloudflare }) => Pusher.fromEnv(cloudflare?.env)

export const getPusher = (event) => getClient(event.context)

export const refuse = (error) => {
  if (error instanceof PusherValidationError) return Response.json({ code: error.code }, { status: 400 })
  if (error instanceof PusherRequestError) return Response.json({ code: error.code }, { status: 502 })
  throw error
}
