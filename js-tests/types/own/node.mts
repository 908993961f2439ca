// The subpath `/node`. Each `@ts-expect-error` is a mistake that the types must find.
import {
  type FetchHandler,
  type LambdaContext,
  type LambdaEventV1,
  type LambdaEventV2,
  type LambdaResult,
  lambdaHandler,
  type NodeContext,
  nodeHandler,
} from "pusher-http-wasm/node"

const handler: FetchHandler = async (request, env) => {
  request.headers.get("content-type") satisfies string | null
  return new Response(env.GREETING)
}
const listener = nodeHandler(handler)
listener({}, {}) satisfies Promise<unknown>
nodeHandler(() => new Response())
nodeHandler((request, _env, ctx) => {
  request satisfies Request
  ctx satisfies NodeContext
  ctx.waitUntil(Promise.resolve())
  return new Response(ctx.req.user, { headers: ctx.koa?.state })
})
// Handlers whose further arguments may be left out, as those of Workers.
declare const fetchStyle: (
  request: Request,
  env?: unknown,
  ctx?: { waitUntil?(promise: Promise<unknown>): void },
) => Promise<Response>
nodeHandler(fetchStyle)
lambdaHandler(fetchStyle)

// What frameworks take.
type ExpressHandler = (req: { body: any }, res: { send(): void }, next: (error?: any) => void) => unknown
type FastifyHandler = (this: object, request: { raw: object }, reply: { raw: object }) => any
type KoaMiddleware = (ctx: { body: unknown }, next: () => Promise<any>) => any
listener satisfies ExpressHandler
listener satisfies FastifyHandler
listener satisfies KoaMiddleware

declare const first: LambdaEventV1
declare const second: LambdaEventV2
const serve = lambdaHandler((request, _env, ctx) => {
  ctx satisfies LambdaContext
  ctx.context.awsRequestId
  return new Response(request.url)
})
const result: LambdaResult = await serve(first)
result.statusCode satisfies number
result.cookies satisfies string[] | undefined
await serve(second, { awsRequestId: "1" })
await serve({ httpMethod: "GET", path: "/" })
await serve({ rawPath: "/", requestContext: { http: { method: "GET" } } })
// What `@types/aws-lambda` asks of a handler.
interface Result {
  statusCode: number
  headers?: { [header: string]: boolean | number | string } | undefined
  multiValueHeaders?: { [header: string]: (boolean | number | string)[] } | undefined
  body: string
  isBase64Encoded?: boolean | undefined
}
type LambdaHandler<Event> = (event: Event, context: object, callback: () => void) => Promise<Result>
serve satisfies LambdaHandler<LambdaEventV1 & { resource: string }>
serve satisfies LambdaHandler<LambdaEventV2 & { version: string }>

// @ts-expect-error: no handler
nodeHandler()
// @ts-expect-error: a module with a handler is none
nodeHandler({ fetch: fetchStyle })
// @ts-expect-error: no `Response`
nodeHandler(() => "text")
// @ts-expect-error: no `Response`
lambdaHandler(async () => ({ statusCode: 200 }))
// @ts-expect-error: an event of SQS
await serve({ Records: [] })
// @ts-expect-error: no such member
nodeHandler((_request, _env, ctx) => new Response(ctx.event))
