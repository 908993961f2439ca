import { makeFaultAnswer } from "./faults.js"

/**
 * Applies a fault to an answer of node:http.
 *
 * @param {import("./faults.js").Fault} fault
 * @param {import("node:http").ServerResponse} response
 * @param {{ scheduler: import("./scheduler.js").Scheduler, stream: typeof import("node:stream") }} context
 * @returns {Promise<boolean>} whether it replaces the answer; if not, the request is answered as usual
 */
export async function applyFault(fault, response, { scheduler, stream }) {
  if (fault.delayMs !== undefined && !(await scheduler.sleep(fault.delayMs))) return true
  if (fault.reset) {
    response.socket?.resetAndDestroy()
    return true
  }
  if (fault.raw !== undefined) {
    response.socket?.end(fault.raw)
    return true
  }
  if (fault.hang) return true
  if (fault.status === undefined && !fault.hangBody && !fault.resetBody) return false

  const { status, headers, body } = makeFaultAnswer(fault)
  response.writeHead(status, headers)
  if (!ArrayBuffer.isView(body)) {
    // The client may end it at any point.
    stream.pipeline(stream.Readable.from(body), response, () => {})
    return true
  }
  if (!fault.hangBody && !fault.resetBody) {
    response.end(body)
    return true
  }
  response.flushHeaders()
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (fault.resetBody) response.socket?.resetAndDestroy()
  })
  return true
}
