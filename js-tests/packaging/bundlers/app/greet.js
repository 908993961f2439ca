import * as library from "pusher-http-wasm"
import Pusher, { PusherRequestError } from "pusher-http-wasm"

export { library }

export const greet = async (url, channel) => {
  try {
    return (await Pusher.forURL(url).trigger(channel, "greeting", { from: "a bundle" })).status
  } catch (error) {
    return error instanceof PusherRequestError ? error.status : String(error)
  }
}
