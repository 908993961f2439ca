/** The runtime's `Request`, where its types are loaded. */
export type HostRequest = typeof globalThis extends { Request: { prototype: infer Host } } ? Host : any
/** The runtime's `Response`, where its types are loaded. */
export type HostResponse = typeof globalThis extends { Response: { prototype: infer Host } } ? Host : any

/**
 * A handler such as Workers, Deno and Bun take: a function of a `Request` that returns a `Response`. Those of `pusher-http-wasm/handlers` are.
 * @param request The request.
 * @param env The environment's variables, `process.env`.
 * @param ctx What the adapter knows besides.
 */
export type FetchHandler<Context = any> = (
  request: HostRequest,
  env: any,
  ctx: Context,
) => HostResponse | Promise<HostResponse>

/** What a handler gets from `nodeHandler` as its third argument. */
export interface NodeContext {
  /** Node's request. In Express, this is Express's own, with `session` or `user`. */
  req: any
  /** Node's response. Leave it to the adapter to write it. */
  res: any
  /** Fastify's request, with what plugins have added to it. `undefined` elsewhere. */
  request?: any
  /** Fastify's reply. `undefined` elsewhere. */
  reply?: any
  /** Koa's context, with `state` and `session`. `undefined` elsewhere. */
  koa?: any
  /**
   * Takes a promise whose result nobody awaits. If it rejects, the error is logged with `console.error`.
   * @param promise What goes on after the response.
   * @example
   * ```ts
   * const handler = nodeHandler((request, env, ctx) => {
   *   ctx.waitUntil(pusher.trigger("news", "headline", {}))
   *   return new Response("accepted", { status: 202 })
   * })
   * ```
   */
  waitUntil(promise: unknown): void
}

/** What a handler gets from `lambdaHandler` as its third argument. */
export interface LambdaContext {
  /** The event. */
  event: any
  /** Lambda's context, with `awsRequestId`. */
  context: any
  /**
   * Takes a promise that must settle before Lambda freezes the process: the result waits for it. If it rejects, the error is logged with
   * `console.error`.
   * @param promise What goes on after the response.
   * @example
   * ```ts
   * const handler = lambdaHandler((request, env, ctx) => {
   *   ctx.waitUntil(pusher.trigger("news", "headline", {}))
   *   return new Response("accepted", { status: 202 })
   * })
   * ```
   */
  waitUntil(promise: unknown): void
}

/** An event of API Gateway's REST API. Only what is read of it. */
export interface LambdaEventV1 {
  /** The request's method. */
  httpMethod: string
  /** The request's path, without the stage. */
  path: string
  /** The last value of each header. */
  headers?: { [name: string]: string | undefined } | null | undefined
  /** All values of each header. Takes precedence. */
  multiValueHeaders?: { [name: string]: string[] | undefined } | null | undefined
  /** The last value of each parameter of the query. */
  queryStringParameters?: { [name: string]: string | undefined } | null | undefined
  /** All values of each parameter of the query. Takes precedence. */
  multiValueQueryStringParameters?: { [name: string]: string[] | undefined } | null | undefined
  /** The body. */
  body?: string | null | undefined
  /** Whether the body is bytes as base64. */
  isBase64Encoded?: boolean | undefined
}

/** An event of API Gateway's HTTP API, or of a function URL. Only what is read of it. */
export interface LambdaEventV2 {
  /** Has the request's method. */
  requestContext: { http: { method: string } }
  /** The request's path. */
  rawPath: string
  /** The query, without a question mark. */
  rawQueryString?: string | undefined
  /** The request's cookies. */
  cookies?: string[] | undefined
  /** The headers; several values of one are joined by commas. */
  headers?: { [name: string]: string | undefined } | undefined
  /** The body. */
  body?: string | undefined
  /** Whether the body is bytes as base64. */
  isBase64Encoded?: boolean | undefined
}

/** What Lambda makes a response of. */
export interface LambdaResult {
  /** The response's status. */
  statusCode: number
  /** The headers, except for `set-cookie`. */
  headers: { [name: string]: string }
  /** The values of `set-cookie`, for an event of API Gateway's REST API. */
  multiValueHeaders?: { [name: string]: string[] }
  /** The values of `set-cookie`, for an event of API Gateway's HTTP API or of a function URL. */
  cookies?: string[]
  /** The body: text if it is UTF-8, otherwise base64. */
  body: string
  /** Whether the body is base64. */
  isBase64Encoded: boolean
}

/**
 * Serves a fetch-style handler with `node:http`, Express, Fastify or Koa, on Node, Deno and Bun. The function that it returns tells them apart
 * by what it is called with.
 *
 * A body is not read before the handler reads it. Where a parser has read it, the handler gets what the parser kept: bytes or text as they are
 * (`body` or `rawBody`), and anything else as JSON. The signature of a webhook cannot be checked on that JSON: put the route before the parser, or have
 * the parser keep `rawBody`.
 *
 * Fastify refuses forms, which pusher-js sends, before it calls a handler, and parses JSON. Register the routes in a context without parsers:
 * `removeAllContentTypeParsers()`, then `addContentTypeParser("*", (request, body, done) => done(null, body))`.
 *
 * `request.signal` is aborted when the client goes away. If the handler throws, the error goes to Express's `next`, or is thrown for Fastify or
 * Koa; with `node:http`, it is logged with `console.error`, and the client gets a 500 without details.
 * @param handler The handler.
 * @returns The function to register: `(req, res)`, `(req, res, next)`, `(request, reply)` or `(ctx, next)`.
 * @throws {Pusher.PusherValidationError} `invalid_argument`, at once, if the handler is not a function.
 * @example
 * ```ts
 * createServer(nodeHandler(handler)).listen(8080) // node:http
 * app.post("/pusher/auth", nodeHandler(handler)) // Express, Fastify
 * router.post("/pusher/auth", nodeHandler(handler)) // Koa
 * ```
 */
export declare function nodeHandler(
  handler: FetchHandler<NodeContext>,
): (first: any, second?: any, third?: any) => Promise<any>

/**
 * Serves a fetch-style handler on AWS Lambda, behind API Gateway (REST and HTTP APIs) or a function URL. If the handler throws, the error is logged
 * with `console.error`, and the client gets a 500 without details. The function that it returns rejects any other event with a
 * `PusherValidationError`.
 * @param handler The handler.
 * @returns The function to export as Lambda's handler.
 * @throws {Pusher.PusherValidationError} `invalid_argument`, at once, if the handler is not a function.
 * @example
 * ```ts
 * export const handler = lambdaHandler(async (request) => new Response(`Hello from ${new URL(request.url).pathname}`))
 * ```
 */
export declare function lambdaHandler(
  handler: FetchHandler<LambdaContext>,
): (event: LambdaEventV1 | LambdaEventV2, context?: unknown) => Promise<LambdaResult>
