// npm start
import { SpanStatusCode, trace } from "@opentelemetry/api"
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node"
import Pusher from "pusher-http-wasm"

import { tracing } from "./tracing.js"

// In a service, an exporter that sends the spans, such as that of @opentelemetry/exporter-trace-otlp-http, with a BatchSpanProcessor.
const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
// Makes the span of the caller the parent of those of its requests, also after an `await`, and `traceparent` the form of the trace context.
provider.register()

// Reads PUSHER_URL=https://KEY:SECRET@api-CLUSTER.pusher.com/apps/APP_ID, or PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET and PUSHER_CLUSTER.
const pusher = Pusher.fromEnv(undefined, tracing({ sendContext: true }))

/** Runs a part of the program as a span. */
const inSpan = (name: string, run: () => Promise<unknown>) =>
  trace.getTracer("example").startActiveSpan(name, async (span) => {
    try {
      await run()
    } catch (error) {
      span.recordException(error as Error)
      span.setStatus({ code: SpanStatusCode.ERROR })
    } finally {
      span.end()
    }
  })

await Promise.all([
  inSpan("announce", () => pusher.trigger("my-channel", "my-event", { message: "Hello from a trace" })),
  inSpan("look around", () => pusher.channels()),
])

for (const span of exporter.getFinishedSpans()) {
  const { traceId, spanId } = span.spanContext()
  const { name, kind, parentSpanContext, attributes, status, events } = span
  const parentId = parentSpanContext?.spanId
  console.log(JSON.stringify({ traceId, spanId, parentId, name, kind, status, attributes, events }))
}
await provider.shutdown()
