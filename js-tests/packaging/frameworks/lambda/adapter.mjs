import { lambdaHandler } from "pusher-http-wasm/node"

import { handler as adapted } from "./handler.mjs"

export const handler = lambdaHandler(adapted)
