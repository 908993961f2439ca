// Reaches all connections of a signed-in user. This demo lets everyone do that; your application decides who may.
import Pusher from "pusher-http-wasm"

import { readJson } from "./requests.js"

/** Sends `{ "user", "event", "data" }`. */
export async function messageUser(request, env) {
  const { user, event, data } = await readJson(request)
  await Pusher.fromEnv(env).sendToUser(user, event, data)
  return Response.json({})
}

/** Ends the connections of `{ "user" }`. */
export async function terminateUser(request, env) {
  const { user } = await readJson(request)
  await Pusher.fromEnv(env).terminateUserConnections(user)
  return Response.json({})
}
