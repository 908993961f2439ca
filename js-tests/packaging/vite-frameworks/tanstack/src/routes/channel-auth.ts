import { createFileRoute } from "@tanstack/react-router"
import Pusher from "pusher-http-wasm"
import { channelAuthHandler } from "pusher-http-wasm/handlers"

import { authorize } from "../application.mjs"

const channelAuth = channelAuthHandler(Pusher.fromEnv, authorize)

export const Route = createFileRoute("/channel-auth")({
  server: { handlers: { POST: ({ request }) => channelAuth(request) } },
})
