// The subpath `/chunks`. Each `@ts-expect-error` is a mistake that the types must find.
import {
  type AbandonedEvent,
  type BindableChannel,
  bindChunked,
  type ChunkedOptions,
  type Metadata,
} from "pusher-http-wasm/chunks"

declare const channel: BindableChannel
interface Report {
  rows: number[]
}

const unbind: () => void = bindChunked(channel, "report", (data) => console.log(data.rows.length))
unbind()
bindChunked<Report>(channel, "report", ({ rows }, metadata) => {
  rows satisfies number[]
  metadata satisfies Metadata | undefined
  metadata?.user_id satisfies string | undefined
})
bindChunked(channel, "report", ({ rows }: Report) => rows.length)
bindChunked(channel, "report", async () => {})

const abandoned: AbandonedEvent[] = []
const options: ChunkedOptions = {
  maxBytes: 1_000_000,
  maxEvents: undefined,
  timeout: Infinity,
  onAbandon: (event) => abandoned.push(event),
}
bindChunked(channel, "report", () => {}, options)
bindChunked(channel, "report", () => {}, {
  onAbandon: ({ id, received, name }) => {
    id satisfies string
    received satisfies number
    name satisfies string
  },
})
// The channel of another library will do, or a double.
class Double {
  bind(_name: string, _callback: (data: string) => void) {
    return this
  }
  unbind(_name?: string, _callback?: (data: string) => void, _context?: any) {
    return this
  }
}
bindChunked(new Double(), "report", () => {})

// @ts-expect-error: a channel's name is none
bindChunked("reports", "report", () => {})
// @ts-expect-error: no callback
bindChunked(channel, "report")
// @ts-expect-error: not this event's data
bindChunked<Report>(channel, "report", (data: string) => data.length)
// @ts-expect-error: no such option
bindChunked(channel, "report", () => {}, { maxParts: 5 })
// @ts-expect-error: no number
bindChunked(channel, "report", () => {}, { timeout: "5" })
// @ts-expect-error: an abandoned event has no data
bindChunked(channel, "report", () => {}, { onAbandon: ({ data }) => data })
