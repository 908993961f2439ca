// Publishing without limits: events from any source go out in as few requests as the module can pack them into.
import { argumentError, PusherRequestError } from "../errors.js"
import { notify } from "../http/exchange.js"
import {
  callOptions,
  channelField,
  eventField,
  eventFields,
  isEncrypted,
  memberSocketId,
  readMembers,
  userField,
  wrongType,
} from "../input/arguments.js"
import { chunksOf, sizeOf } from "../input/chunks.js"
import { checkNames } from "../input/names.js"
import { freshKey } from "../input/nonces.js"
import { checkType, FLAG, FUNCTION } from "../input/options.js"
import { wholeNumber } from "../input/retry.js"
import { call } from "../module/call.js"
import { BATCH, CHANNELS, PACK, TRIGGER } from "../module/operations.js"
import { getOption, isObject } from "../values.js"

const OPTIONS = "concurrency onProgress stopOnError maxRequestBytes idempotencyKeys oversize"
const NOT_IN_BODY = ["channel", "channels", "userId", "name", "data"]
const MEMBERS = [...NOT_IN_BODY, "socket_id", "info"]
/** Bytes that a request may have by default, and that may be held. */
const MEGABYTE = 2 ** 20
/** Batches whose events are held, so that they can be packed well. */
const BATCHES_HELD = 3
/** What a server answers that does not like an event. */
const REFUSALS = [400, 413, 422]

/** Returns the iterator of a source of events. */
const iteratorOf = (source) => {
  if (typeof source !== "string") {
    const reader = source?.getReader?.()
    if (reader) return { next: () => reader.read(), return: () => reader.cancel() }
    const iterator = (source?.[Symbol.asyncIterator] ?? source?.[Symbol.iterator])?.call(source)
    if (iterator) return iterator
  }
  throw wrongType("events", source, "they must be an iterable, an async iterable or a ReadableStream")
}

/**
 * Makes the parts of an item, which is an event on its way: one part for all channels, and one for each that is encrypted. A part's `targets` are
 * the fields of its channels by their names.
 */
const partsOf = (settings, item) => {
  const { event } = item
  if (!isObject(event)) throw wrongType("events", event, "each must be an object")
  checkNames(event, MEMBERS, "member")
  const [channel, channels, userId] = NOT_IN_BODY.map((name) => getOption(event, name))
  const names = [].concat(channels ?? [], channel ?? [])
  const targets = new Map(names.map((name) => [String(name), channelField(name)]))
  if (userId !== undefined || names.length === 0)
    targets.set(`#server-to-user-${userId}`, userId === undefined ? channelField() : userField(userId))
  const members = readMembers(event, NOT_IN_BODY)
  const start = [memberSocketId(members), eventField(getOption(event, "name"))]
  const data = getOption(event, "data")
  const makePart = (pairs, isSealed) => {
    const fields = [...start, ...eventFields(settings, isSealed, data, members)]
    return { item, fields, isSealed, targets: new Map(pairs), bytes: sizeOf(fields, isSealed) }
  }
  const parts = []
  for (const pair of targets) {
    if (!isEncrypted(pair[0])) continue
    parts.push(makePart([pair], true))
    targets.delete(pair[0])
  }
  if (targets.size > 0) parts.push(makePart(targets, false))
  return parts
}

const countChannels = (parts) => parts.reduce((sum, { targets }) => sum + targets.size, 0)

/** Makes the fields of a request, and its operation, of entries: each a part, and the name and field of one of its channels. */
const requestOf = (entries) => {
  const [{ part }] = entries
  const count = String(entries.length)
  if (entries.every((entry) => entry.part === part)) {
    return [TRIGGER, [...part.fields, count, ...entries.map(({ target }) => target)]]
  }
  const fieldsOf = ({ part, target }) => {
    const [socketId, name, ...others] = part.fields
    return [target, name, socketId, ...others]
  }
  return [BATCH, [count].concat(...entries.map(fieldsOf))]
}

/**
 * Publishes events by `send`, which sends what an operation, fields and options make. Throws if an argument is wrong. Resolves to a report of
 * everything else, and never rejects.
 */
export const publish = (state, source, options, send) => {
  const { settings } = state
  const { signal, retry } = callOptions(options, OPTIONS, undefined, settings) ?? {}
  const readCount = (name, otherwise) => wholeNumber(name, getOption(options, name) ?? otherwise, 1, name)
  const read = (name, types) => checkType(name, getOption(options, name), types, argumentError)
  const concurrency = readCount("concurrency", 1)
  const maxBytes = readCount("maxRequestBytes", MEGABYTE)
  const onProgress = read("onProgress", FUNCTION)
  const stopOnError = read("stopOnError", FLAG)
  const idempotencyKeys = read("idempotencyKeys", FLAG)
  const oversize = getOption(options, "oversize") ?? "error"
  if (!["error", "chunk"].includes(oversize))
    throw argumentError('Invalid oversize: it must be "error" or "chunk"', "oversize")
  // Missing credentials are told at once.
  call(state, CHANNELS, 0, [])
  const iterator = iteratorOf(source)

  const [failed, runs] = [[], []]
  let [held, published, requests, pulled, isDone] = [[], 0, 0, 0, false]
  let turn = Promise.resolve()
  let wake, reason

  const stop = (cause) => {
    isDone = true
    reason ??= new PusherRequestError(
      "Not sent: publishing ended before",
      undefined,
      cause,
      undefined,
      undefined,
      "aborted",
    )
    wake?.()
  }

  const newItem = (event) => ({ index: pulled++, event, left: 0, error: undefined })

  /** Takes note of what became of so many of an item's channels. */
  const settle = (item, error, channels) => {
    item.error ??= error
    item.left -= channels
    if (error && (stopOnError || state.isFreed)) stop(error)
    if (item.left > 0) return
    if (item.error) failed.push({ index: item.index, event: item.event, error: item.error })
    else published++
  }

  /** Gives up what is held of an item. */
  const drop = (item, error) => {
    const channels = countChannels(held.filter((part) => part.item === item))
    held = held.filter((part) => part.item !== item)
    settle(item, error, channels)
  }

  /** Pulls events until there is enough to be packed well. */
  const fill = async () => {
    const isFull = () =>
      held.length >= settings.maxEvents * BATCHES_HELD ||
      countChannels(held) >= settings.maxChannels ||
      held.reduce((sum, { bytes }) => sum + bytes, 0) >= MEGABYTE
    while (!isDone && !isFull()) {
      let item
      try {
        const result = await new Promise((resolve, reject) => {
          wake = resolve
          Promise.resolve(iterator.next()).then(resolve, reject)
        })
        isDone ||= result.done
        if (isDone) return
        item = newItem(result.value)
        const parts = partsOf(settings, item)
        item.left = countChannels(parts)
        held.push(...parts)
      } catch (error) {
        // If there is no item, the source has thrown.
        isDone ||= !item
        settle(item ?? newItem(), error, 0)
      }
    }
  }

  /** Sends entries. Returns them with the promise of what went wrong, in a list; or nothing, if an event is not valid. */
  const begin = (entries) => {
    const [{ part }] = entries
    const idempotencyKey = idempotencyKeys ? freshKey(settings) : undefined
    try {
      const sent = send(...requestOf(entries), { signal, retry, idempotencyKey })
      requests++
      for (const { part, name } of entries) part.targets.delete(name)
      held = held.filter(({ targets }) => targets.size > 0)
      return {
        entries,
        outcome: Promise.resolve(sent).then(
          () => [],
          (error) => [error],
        ),
      }
    } catch (error) {
      // Alone, it is told without its place in the batch.
      if (error.index !== undefined) return begin([entries[error.index]])
      const chunks = oversize === "chunk" ? chunksOf(settings, part, error) : []
      if (chunks.length === 0) return drop(part.item, error)
      part.item.left += countChannels(chunks) - part.targets.size
      held.splice(held.indexOf(part), 1, ...chunks)
    }
  }

  /** Begins the next request. */
  const take = async () => {
    for (;;) {
      await fill()
      if (reason || held.length === 0) return undefined
      const fields = held.flatMap(({ bytes, targets }) => {
        const names = [...targets.keys()].slice(0, settings.maxChannels)
        return [String(bytes), String(names.length), ...names]
      })
      const packed = call(state, PACK, 0, [String(maxBytes), ...fields])
      const entries = []
      for (let at = 0; at < packed.length; at += 2) {
        const [part, name] = [held[packed[at]], packed[at + 1]]
        entries.push({ part, name, target: part.targets.get(name) })
      }
      const begun = begin(entries)
      if (begun) return begun
    }
  }

  const finish = async ({ entries, outcome }) => {
    const [error] = await outcome
    const isBatch = entries.some(({ part }) => part !== entries[0].part)
    if (isBatch && REFUSALS.includes(error?.status)) {
      // One bad event must not take the others with it.
      for (const entry of entries) await finish(begin([entry]))
      return
    }
    for (const { part } of entries) settle(part.item, error, 1)
    if (onProgress) notify(onProgress, { published, failed: failed.length, requests })
  }

  const run = async () => {
    for (;;) {
      turn = turn.then(take)
      const begun = await turn
      if (!begun) return
      if (runs.length < concurrency) runs.push(run())
      await finish(begun)
    }
  }

  const onAbort = () => stop(signal.reason)
  const report = async () => {
    signal?.addEventListener("abort", onAbort)
    if (signal?.aborted) onAbort()
    runs.push(run())
    try {
      for (const each of runs) await each
    } catch (error) {
      stop(error)
    }
    signal?.removeEventListener("abort", onAbort)
    while (held.length > 0) drop(held[0].item, reason)
    if (reason) Promise.resolve(iterator.return?.()).catch(() => {})
    return { published, requests, failed: failed.sort((one, other) => one.index - other.index) }
  }
  return report()
}
