// A Worker under load: a request for each call, another at a phase's beginning and end, and one that measures.
import "../endurance/spy.mjs"
import * as library from "pusher-http-wasm"

import { packageIsThere } from "../endurance/spy.mjs"
import { measureMemory } from "./memory.mjs"
import { makePerformer } from "./perform.mjs"

packageIsThere()
let performer

export default {
  async fetch(request, { ORDER }) {
    performer ??= makePerformer(library, JSON.parse(ORDER))
    const { pathname, searchParams } = new URL(request.url)
    switch (pathname) {
      case "/begin":
        performer.begin(searchParams.get("phase"))
        return new Response()
      case "/end":
        performer.end()
        return new Response()
      case "/memory":
        return Response.json(await measureMemory())
      default:
        return Response.json(await performer.perform(Number(searchParams.get("index"))))
    }
  },
}
