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
declare module "hono/adapter"
declare module "hono/cors"
declare module "koa"
declare module "@koa/router"
declare module "@nestjs/core"
declare module "h3"
declare module "*/app.module.js"
declare module "@sveltejs/kit"
declare module "$env/dynamic/private" {
  export const env: { [name: string]: string | undefined }
}
// What the recipes call channels.js, by the name that SvelteKit gives the folder.
declare module "$lib/server/channels.js" {
  type Handler = (request: Request, env?: object, ctx?: object) => Promise<Response>
  export const authorize: Handler
  export const receive: Handler
  export const send: Handler
}
declare module "astro:env/server" {
  export function getSecret(name: string): string | undefined
}
declare module "@react-router/dev/routes"
declare module "vitest"
declare module "vitest/config"
declare module "@cloudflare/vitest-pool-workers"
declare module "@jest/globals"
declare module "undici" {
  export const fetch: typeof globalThis.fetch
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
