// A Worker that measures the case that a request names, of those that `prepare` gives for it, and answers with the times.
import { measure } from "./measure.mjs"

export const answering = (prepare) => ({
  async fetch(request) {
    const { name, settings, ...job } = await request.json()
    try {
      const { cases, libraries } = await prepare(job)
      const measured = cases.find((measured) => measured.name === name)
      return Response.json(await measure(measured, libraries, settings))
    } catch (error) {
      return new Response(`${error.message}\n${error.stack}\n${error.error?.stack ?? error.cause?.stack ?? ""}`, {
        status: 500,
      })
    }
  },
})
