// Publishing without limits: events from any source go out in as few requests as the module can pack them into.
import { argumentError, PusherRequestError, validationError, withoutIndex } from "../errors.js"
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
const partsOf = (settings, item, maxBytes) => {
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
    const bytes = sizeOf(fields, isSealed)
    if (bytes > maxBytes)
      throw validationError(
        `A request for the event has ${bytes} bytes, more than \`maxRequestBytes\``,
        "payload_too_large",
        "data",
      )
    return { item, fields, isSealed, targets: new Map(pairs), bytes }
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

/** Returns the entry that an exception is about: one of its fields could not be made, or the module told its place. */
const findCause = (entries, error) =>
  entries.find(({ part }) => part.fields.some((field) => field?.exception === error)) ?? entries[error.index ?? 0]

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

  const failed = []
  const running = new Set()
  /** @type {any[]} Parts that are still to be sent. */
  let held = []
  let [published, requests, pulled, isDone] = [0, 0, 0, false]
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
    wake?.({ done: true })
  }

  /** Takes note of what became of so many of an item's channels. What is thrown may be anything, so it stands in an object. */
  const settle = (item, channels, failure) => {
    item.failure ??= failure
    item.left -= channels
    if (failure && (stopOnError || state.isFreed)) stop(failure.error)
    if (item.left > 0) return
    if (item.failure) failed.push({ index: item.index, event: item.event, ...item.failure })
    else published++
  }

  /** Gives up what is held of an item. */
  const drop = (item, error) => {
    const channels = countChannels(held.filter((part) => part.item === item))
    held = held.filter((part) => part.item !== item)
    settle(item, channels, { error })
  }

  /** Pulls events until there is enough to be packed well. */
  const fill = async () => {
    while (
      !isDone &&
      held.length < settings.maxEvents * BATCHES_HELD &&
      countChannels(held) < settings.maxChannels &&
      held.reduce((sum, { bytes }) => sum + bytes, 0) < MEGABYTE
    ) {
      const item = { index: pulled, event: undefined, left: 0, failure: undefined }
      let hasThrown = true
      try {
        const { done, value } = await new Promise((resolve, reject) => {
          wake = resolve
          Promise.resolve(iterator.next()).then(resolve, reject)
        })
        hasThrown = false
        isDone ||= Boolean(done)
        if (isDone) return
        pulled++
        item.event = value
        const parts = partsOf(settings, item, maxBytes)
        item.left = countChannels(parts)
        held.push(...parts)
      } catch (error) {
        isDone ||= hasThrown
        settle(item, 0, { error })
      }
    }
  }

  /** Sends entries, by default those that the module packs. Returns the promise of their end; nothing, if an event is not valid. */
  const begin = (given) => {
    let entries = given ?? held.map((part) => ({ part }))
    try {
      entries = given ?? pack()
      const idempotencyKey = idempotencyKeys ? freshKey(settings) : undefined
      const sent = send(...requestOf(entries), { signal, retry, idempotencyKey })
      requests++
      for (const { part, name } of entries) part.targets.delete(name)
      held = held.filter(({ targets }) => targets.size > 0)
      return finish(entries, sent)
    } catch (error) {
      const { part } = findCause(entries, error)
      withoutIndex(error)
      const chunks = oversize === "chunk" ? chunksOf(settings, part, error) : []
      if (chunks.length === 0) return drop(part.item, error)
      part.item.left += countChannels(chunks) - part.targets.size
      held.splice(held.indexOf(part), 1, ...chunks)
    }
  }

  const finish = async (entries, sent) => {
    let failure
    try {
      await sent
    } catch (/** @type {any} */ error) {
      // One bad event must not take the others of a batch with it.
      if (REFUSALS.includes(error?.status) && entries.some(({ part }) => part !== entries[0].part)) {
        for (const entry of entries) await (begin([entry]) ?? settle(entry.part.item, 1, { error }))
        return
      }
      failure = { error }
    }
    for (const { part } of entries) settle(part.item, 1, failure)
    if (onProgress) notify(onProgress, { published, failed: failed.length, requests })
  }

  /** Returns the entries of the request to send first. */
  const pack = () => {
    const fields = held.flatMap(({ bytes, targets }) => [String(bytes), String(targets.size), ...targets.values()])
    const packed = call(state, PACK, 0, [String(maxBytes), ...fields])
    const entries = []
    for (let at = 0; at < packed.length; at += 2) {
      const [part, name] = [held[Number(packed[at])], packed[at + 1]]
      entries.push({ part, name, target: part.targets.get(name) })
    }
    return entries
  }

  const sendAll = async () => {
    for (;;) {
      await fill()
      if (reason || held.length === 0) return
      const sending = begin()
      if (!sending) continue
      const run = sending.then(() => running.delete(run))
      running.add(run)
      if (running.size >= concurrency) await Promise.race(running)
    }
  }

  const onAbort = () => stop(signal.reason)
  const report = async () => {
    signal?.addEventListener("abort", onAbort)
    if (signal?.aborted) onAbort()
    await sendAll().catch(stop)
    await Promise.all(running)
    signal?.removeEventListener("abort", onAbort)
    while (held.length > 0) drop(held[0].item, reason)
    if (reason) Promise.resolve(iterator.return?.()).catch(() => {})
    return { published, requests, failed: failed.sort((one, other) => one.index - other.index) }
  }
  return report()
}
