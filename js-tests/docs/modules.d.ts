// Modules that the pages import and the tests do not install: their use is type-checked no further.
declare module "npm:pusher-http-wasm" {
  export * from "pusher-http-wasm"
  export { default } from "pusher-http-wasm"
}
declare module "npm:pusher-http-wasm/handlers" {
  export * from "pusher-http-wasm/handlers"
}
declare module "cloudflare:workers" {
  export const env: any
  export class DurableObject {
    constructor(ctx: any, env: any)
    ctx: any
    env: any
  }
}
declare module "express"
declare module "fastify"
declare module "hono"
declare module "hono/cors"
declare module "koa"
declare module "@koa/router"
declare module "@nestjs/core"
declare module "h3"
declare module "*/app.module.js"
declare module "@sveltejs/kit"
declare module "vitest"
declare module "undici" {
  export class ProxyAgent {
    constructor(url: string)
  }
}
declare module "https-proxy-agent" {
  import { Agent } from "node:https"
  export class HttpsProxyAgent extends Agent {
    constructor(url: string)
  }
}
