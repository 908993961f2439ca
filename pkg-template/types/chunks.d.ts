/** What pusher-js passes to a callback in addition to the data. */
export interface Metadata {
  /** The id of the user who sent a client event, on presence channels. */
  user_id?: string
}

/** The methods of a channel that are used. pusher-js's channels fit, and so does its `user`. */
export interface BindableChannel {
  /**
   * Calls a callback for each event of a name.
   * @param name The event's name.
   * @param callback What to call.
   */
  bind(name: string, callback: (data: any, metadata?: any) => void): unknown
  /**
   * Stops calling the callback.
   * @param name The event's name.
   * @param callback What was passed to `bind`.
   */
  unbind(name: string, callback: (data: any, metadata?: any) => void): unknown
}

/** An event that was abandoned, because parts of it did not arrive. */
export interface AbandonedEvent {
  /** The id that all its parts have. */
  id: string
  /** How many different parts arrived. */
  received: number
  /** The event's name, without `chunked-`. */
  name: string
}

/** How long to wait for missing parts, and how much to keep meanwhile. */
export interface ChunkedOptions {
  /**
   * How many bytes all kept parts may have: those of their text as UTF-8, and 64 more for each part. Above it, the oldest event is
   * abandoned. 10 000 000 by default.
   */
  maxBytes?: number | undefined
  /** How many incomplete events may be kept. Above it, the oldest is abandoned. 100 by default. */
  maxEvents?: number | undefined
  /** How long to wait for the next part, in milliseconds, before an event is abandoned. 60 000 by default. */
  timeout?: number | undefined
  /**
   * Called when an event is abandoned: it took too long, there was no room for it, or its parts contradict each other.
   * @param event What is known of the event.
   */
  onAbandon?: ((event: AbandonedEvent) => void) | undefined
}

/**
 * Binds a callback to an event that may arrive in several parts, because the server published it with `oversize: "chunk"`. Events that
 * arrive whole reach the callback as well. Use it in place of pusher-js's `channel.bind`.
 * @param channel A channel of pusher-js.
 * @param name The event's name, without `chunked-`.
 * @param callback Called once for each event, with its data. Parts may arrive in any order, or twice.
 * @param options How long to wait for missing parts, and how much to keep meanwhile.
 * @returns A function that unbinds the callback and drops all kept parts.
 * @throws {TypeError} If the callback is not a function.
 * @example
 * ```ts
 * const page = new PusherJs("app-key", { cluster: "eu" })
 * const unbind = bindChunked(page.subscribe("reports"), "report", (report) => show(report))
 * ```
 */
export declare function bindChunked<Data = any>(
  channel: BindableChannel,
  name: string,
  callback: (data: Data, metadata?: Metadata) => void,
  options?: ChunkedOptions,
): () => void
