/** What pusher-js passes to callbacks besides the data. */
export interface Metadata {
  /** The id of the user who sent a client event, on presence channels. */
  user_id?: string
}

/** What is needed of a channel. pusher-js's channels have it, and so has its `user`. */
export interface BindableChannel {
  /**
   * Has a callback called for each event of a name.
   * @param name The event's name.
   * @param callback What to call.
   */
  bind(name: string, callback: (data: any, metadata?: any) => void): unknown
  /**
   * Ends that.
   * @param name The event's name.
   * @param callback What was passed to `bind`.
   */
  unbind(name: string, callback: (data: any, metadata?: any) => void): unknown
}

/** An event that was given up, because parts of it did not arrive. */
export interface AbandonedEvent {
  /** The id that all its parts have. */
  id: string
  /** How many different parts arrived. */
  received: number
  /** The event's name, without `chunked-`. */
  name: string
}

/** How long to wait for missing parts, and how much to hold meanwhile. */
export interface ChunkedOptions {
  /**
   * How many bytes all held parts may have: those of their text as UTF-8, and 64 more for each part. Above it, the oldest event is given
   * up. 10,000,000 if left out.
   */
  maxBytes?: number | undefined
  /** How many incomplete events may be held. Above it, the oldest is given up. 100 if left out. */
  maxEvents?: number | undefined
  /** How long to wait for the next part, in milliseconds, before an event is given up. 60,000 if left out. */
  timeout?: number | undefined
  /**
   * Called when an event is given up: it took too long, there was no room for it, or its parts contradict each other.
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
 * @param options How long to wait for missing parts, and how much to hold meanwhile.
 * @returns A function that unbinds the callback and lets go of all held parts.
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
