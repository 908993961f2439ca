import { lambdaHandler } from "pusher-http-wasm/node"

import endpoints from "./fetch.mjs"

export const handler = lambdaHandler(endpoints.fetch)
