// What `require` gives of the subpath `/chunks`.
import chunks = require("pusher-http-wasm/chunks")

declare const channel: chunks.BindableChannel
const options: chunks.ChunkedOptions = { onAbandon: (event: chunks.AbandonedEvent) => event.id }
chunks.bindChunked(channel, "report", (_data: string, metadata?: chunks.Metadata) => metadata?.user_id, options)()
// @ts-expect-error: no such member
chunks.default
