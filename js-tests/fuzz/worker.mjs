// Runs a block of calls for each request to a Worker.
import { runBlock } from "./blocks.mjs"

export default {
  async fetch(request) {
    return Response.json(await runBlock(await request.json()))
  },
}
