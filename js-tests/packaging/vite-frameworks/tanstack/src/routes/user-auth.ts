import { createFileRoute } from "@tanstack/react-router"
import Pusher from "pusher-http-wasm"
import { userAuthHandler } from "pusher-http-wasm/handlers"

import { authenticate, cors } from "../application.mjs"

const userAuth = userAuthHandler(Pusher.fromEnv, authenticate, { cors })

const ask = ({ request }: { request: Request }) => userAuth(request)

export const Route = createFileRoute("/user-auth")({
  server: { handlers: { POST: ask, OPTIONS: ask } },
})
