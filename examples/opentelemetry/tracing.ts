// Traces a client's requests with one span for each attempt, as OpenTelemetry's conventions for HTTP clients have it:
// https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span
import { type Attributes, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import type { PartialOptions, RequestEvent, ResponseEvent } from "pusher-http-wasm"

interface TracingOptions {
  /** Whether requests carry the trace context on, in `traceparent` and what else your propagator sets. `false` by default. */
  sendContext?: boolean
}

const tracer = trace.getTracer("pusher-http-wasm")

/** Makes the options that trace a client's requests: `new Pusher({ …, ...tracing() })`. */
export const tracing = ({ sendContext = false }: TracingOptions = {}) =>
  ({
    onRequest(event: RequestEvent) {
      const span = tracer.startSpan(event.method, { kind: SpanKind.CLIENT, attributes: attributesOf(event) })
      const headers: Record<string, string> = {}
      if (sendContext) propagation.inject(trace.setSpan(context.active(), span), headers)
      return { span, headers }
    },
    onResponse({ status, code }: ResponseEvent, { span }: { span: Span }) {
      if (status) span.setAttribute("http.response.status_code", status)
      if (code) {
        span.setAttribute("error.type", errorTypeOf(code, status))
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  }) satisfies PartialOptions

function attributesOf({ method, url, attempt }: RequestEvent): Attributes {
  const { protocol, hostname, port } = new URL(url)
  return {
    "http.request.method": method,
    // An IPv6 address without its brackets.
    "server.address": hostname.replace(/[[\]]/g, ""),
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    "url.full": url,
    "http.request.resend_count": attempt > 1 ? attempt - 1 : undefined,
  }
}

/** Returns the status if that is what is wrong. It is not where the body of a 200 is no JSON, which has the code `http` as well. */
const errorTypeOf = (code: string, status = 0) => (code === "http" && status >= 300 ? String(status) : code)
