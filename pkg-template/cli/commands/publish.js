// `publish`: events of a file or of standard input, without a limit.
import { count } from "../describe.js"
import { describeError } from "../errors.js"
import { EventLines } from "../event-lines.js"
import { openInput } from "../input.js"
import { makeProgress } from "../progress.js"
import { onInterrupt } from "../signals.js"

/** Returns an error's message; after a request, with the reason. */
const describeFailure = ({ name, message, hint }) =>
  name === "PusherRequestError" && hint ? `${message}: ${hint}` : message

export const publish = {
  name: "publish",
  summary: "Publish events, one line of JSON each, in few requests",
  parameters: [{ name: "file", label: "FILE", text: "The lines; stdin if left out", isOptional: true }],
  options: [
    {
      name: "concurrency",
      label: "N",
      text: "Requests at a time; 1 keeps the order, and is the default",
      isCount: true,
    },
    {
      name: "oversize",
      label: "HOW",
      text: "What to do with data that is too large: error (the default), or chunk, for bindChunked",
      choices: ["error", "chunk"],
    },
    {
      name: "max-payload",
      label: "BYTES",
      text: "The most bytes of data: 10240 on Pusher's hosts, no limit on others",
      isCount: true,
    },
    { name: "stop-on-error", text: "End at the first failure" },
  ],
  notes: [
    'A line: {"channel":"a","name":"b","data":{}}, or "channels" or "userId" for "channel"; also "socket_id" and "info". ' +
      "Failures are listed with their line numbers.",
  ],
  example: "pusher-http-wasm publish events.jsonl",
  async run({ file, options, output, openClient }) {
    const { pusher } = await openClient({ maxPayloadBytes: options["max-payload"] })
    const { stream, size } = openInput(file)
    const progress = makeProgress()
    const controller = new AbortController()
    const stopWaiting = onInterrupt(() => controller.abort(new Error("interrupted")))
    const source = new EventLines(stream, options["stop-on-error"])
    const show = ({ published, failed, requests }) =>
      progress.show(
        `${published} published, ${failed + source.failed.length} failed, ${count(requests, "request")}`,
        source.position,
        size,
      )
    try {
      const { published, requests, failed } = await pusher.publish(source.read(), {
        concurrency: options.concurrency,
        oversize: options.oversize,
        stopOnError: options["stop-on-error"],
        signal: controller.signal,
        onProgress: show,
      })
      const all = [...source.failed, ...failed.map(({ event, error }) => ({ line: source.lineOf(event), error }))]
        .map(({ line, error }) => ({ line, error: describeError(error) }))
        .sort((one, other) => one.line - other.line)
      progress.clear()
      output.result({ published, requests, failed: all }, [
        `Published ${count(published, "event")} in ${count(requests, "request")}`,
        ...(all.length > 0 ? [["red", `, ${all.length} failed`]] : []),
      ])
      if (!output.isJson)
        for (const { line, error } of all) output.note(["red", `line ${line}: `], describeFailure(error))
      return all.length > 0 ? 1 : 0
    } finally {
      stopWaiting()
      stream.destroy()
    }
  },
}
