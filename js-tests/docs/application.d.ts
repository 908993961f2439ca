// What the pages' programs use of the reader's application, and of hosts whose types are not loaded.
import type Pusher from "pusher-http-wasm"
import type { Beams as BeamsClass } from "pusher-http-wasm/beams"
import type { FakeChannels } from "pusher-http-wasm/testing"

declare global {
  interface AppUser {
    id: string
    name: string
    rooms: string[]
  }
  const pusher: Pusher
  const beams: BeamsClass
  const fake: FakeChannels
  const userIds: string[]
  const roomNames: string[]
  function findUser(request: any): Promise<AppUser | undefined>
  function save(...values: any[]): Promise<void>
  function show(value: any): void
  function readEvents(): AsyncIterable<{ channel: string; name: string; data: unknown }>

  const Deno: {
    env: { get(name: string): string | undefined }
    serve(handler: (request: Request) => Response | Promise<Response>): unknown
  }
  const Bun: {
    env: { [name: string]: string | undefined }
    serve(options: { port?: number; routes?: object; fetch?(request: Request): Response | Promise<Response> }): unknown
  }
}
