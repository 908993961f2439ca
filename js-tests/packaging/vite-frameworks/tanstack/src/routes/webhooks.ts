import { createFileRoute } from "@tanstack/react-router"
import Pusher from "pusher-http-wasm"
import { webhookHandler } from "pusher-http-wasm/handlers"

import { makeCallbacks } from "../application.mjs"

const webhooks = webhookHandler(Pusher.fromEnv, makeCallbacks())

export const Route = createFileRoute("/webhooks")({
  server: { handlers: { POST: ({ request }) => webhooks(request) } },
})
