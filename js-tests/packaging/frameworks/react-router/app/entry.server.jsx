import { renderToReadableStream } from "react-dom/server"
import { ServerRouter } from "react-router"

export default async function handle(request, status, headers, context) {
  const body = await renderToReadableStream(<ServerRouter context={context} url={request.url} />)
  headers.set("content-type", "text/html")
  return new Response(body, { headers, status })
}
