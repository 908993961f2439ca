import Pusher, { PusherRequestError, PusherValidationError } from "pusher-http-wasm"

// Workers have their variables in `process.env`, too.
export const pusher = Pusher.fromEnv()

export const refuse = (error) => {
  if (error instanceof PusherValidationError) return Response.json({ code: error.code }, { status: 400 })
  if (error instanceof PusherRequestError) return Response.json({ code: error.code }, { status: 502 })
  throw error
}
