import { createFileRoute } from "@tanstack/react-router"
import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate } from "../application.mjs"

const userAuth = userAuthHandler(Pusher.fromEnv, authenticate)

export const Route = createFileRoute("/user-auth")({
  server: { handlers: { POST: ({ request }) => userAuth(request) } },
})
