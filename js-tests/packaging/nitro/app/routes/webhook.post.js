import { defineEventHandler, getHeaders, readRawBody, setResponseStatus } from "h3"

import { getPusher } from "../client.js"

export default defineEventHandler(async (event) => {
  const webhook = getPusher(event).webhook({ headers: getHeaders(event), rawBody: await readRawBody(event) })
  if (webhook.isValid()) return webhook.getEvents()
  setResponseStatus(event, 401)
  return {}
})
