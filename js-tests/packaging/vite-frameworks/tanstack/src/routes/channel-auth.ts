import { createFileRoute } from "@tanstack/react-router"
import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize, cors } from "../application.mjs"

const channelAuth = channelAuthHandler(Pusher.fromEnv, authorize, { cors })

const ask = ({ request }: { request: Request }) => channelAuth(request)

export const Route = createFileRoute("/channel-auth")({
  server: { handlers: { POST: ask, OPTIONS: ask } },
})
