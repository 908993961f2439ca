// Publishes events. This demo lets everyone publish; your application decides who may.
import Pusher from "pusher-http-wasm"

import { BadRequest, readJson } from "./requests.js"

/** Triggers `{ "channel" or "channels", "event", "data", "socket_id"? }`. The connection `socket_id` does not get the event. */
export async function trigger(request, env) {
  const { channel, channels = channel, event, data, socket_id } = await readJson(request)
  // `env` comes with each request, so each has its own client. You need not await or free it.
  const response = await Pusher.fromEnv(env).trigger(channels, event, data, { socket_id })
  return Response.json(await response.json())
}

/** Triggers a list of up to ten `{ "channel", "name", "data" }`. */
export async function batch(request, env) {
  const response = await Pusher.fromEnv(env).triggerBatch(await readJson(request))
  return Response.json(await response.json())
}

/** Lists the occupied channels. Passes `?filter_by_prefix=presence-&info=user_count` on. */
export async function channels(request, env) {
  const params = Object.fromEntries(new URL(request.url).searchParams)
  const response = await Pusher.fromEnv(env).get({ path: "/channels", params })
  return Response.json(await response.json())
}

const MAX_EVENTS = 1000

/** Publishes `{ "channel", "event", "count" }`, and streams the progress: a line of JSON after every request. */
export async function publish(request, env) {
  const { channel, event, count } = await readJson(request)
  if (!(Number.isInteger(count) && count > 0 && count <= MAX_EVENTS))
    throw new BadRequest(`count must be 1 to ${MAX_EVENTS}`)
  const pusher = Pusher.fromEnv(env)
  const stop = new AbortController()
  const progress = new ReadableStream({
    async start(lines) {
      const tell = (line) => stop.signal.aborted || lines.enqueue(`${JSON.stringify(line)}\n`)
      const report = await pusher.publish(numberEvents(channel, event, count), {
        signal: stop.signal,
        onProgress: tell,
      })
      const { published, requests, failed } = report
      tell({ published, requests, failed: failed.length, error: failed[0]?.error.message, done: true })
      if (!stop.signal.aborted) lines.close()
    },
    // The page has gone: publish no more.
    cancel: () => stop.abort(),
  })
  return new Response(progress.pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  })
}

/** Makes events one by one, as `publish` asks for them: a thousand, or a million, need no list. */
function* numberEvents(channel, name, count) {
  for (let number = 1; number <= count; number++) yield { channel, name, data: { number, count } }
}
