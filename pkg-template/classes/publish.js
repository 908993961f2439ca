// Publishing without limits: events from any source go out in as few requests as the module can pack them into.
import { PusherRequestError, validationError } from "../errors.js"
import { notify } from "../http/exchange.js"
import {
  callOptions,
  channelField,
  eventField,
  eventFields,
  isEncrypted,
  memberSocketId,
  optionalText,
  readMembers,
  userField,
  wrongType,
} from "../input/arguments.js"
import { checkNames } from "../input/names.js"
import { freshKey } from "../input/nonces.js"
import { call } from "../module/call.js"
import { BATCH, CHANNELS, EVENT, PACK, TRIGGER } from "../module/operations.js"
import { getOption, isObject } from "../values.js"

const OPTIONS = "concurrency onProgress stopOnError maxRequestBytes idempotencyKeys"
const MEMBERS = ["channel", "channels", "userId", "name", "data"]
/** Events that are held to be packed, as a multiple of what a batch holds. */
const BATCHES_HELD = 3
/** Bytes of events that are held, and that a request may have by default. */
const MEGABYTE = 2 ** 20

/** Reads an option that is a whole number above 0. */
const wholeNumber = (options, name, otherwise) => {
  const value = getOption(options, name) ?? otherwise
  if (value === Infinity || (Number.isInteger(value) && value > 0)) return value
  throw validationError(`Invalid ${name}: it must be a whole number above 0`, "invalid_argument", name)
}

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

/** Reads which channels an event is for: by name, what is to be written for each. */
const targetsOf = (event) => {
  const [channel, channels, userId] = ["channel", "channels", "userId"].map((name) => getOption(event, name))
  if ([channel, channels, userId].filter((value) => value !== undefined).length > 1) {
    throw validationError("Give one of `channel`, `channels` and `userId`", "invalid_argument", "channels")
  }
  if (userId !== undefined) return new Map([[String(userId), userField(userId)]])
  return new Map([channels ?? channel].flat().map((name) => [name, channelField(name)]))
}

/**
 * Sends events with requests of the client's, which `send` makes of an operation, fields and options. Resolves to a report; rejects with nothing.
 */
export const publish = (state, events, options, send) => {
  const { settings } = state
  const { signal, retry } = callOptions(options, OPTIONS, undefined, settings) ?? {}
  const concurrency = wholeNumber(options, "concurrency", 1)
  const maxBytes = Math.min(wholeNumber(options, "maxRequestBytes", MEGABYTE), 2 ** 31)
  const { onProgress, stopOnError, idempotencyKeys } = options ?? {}
  const iterator = iteratorOf(events)
  // So that missing credentials are told at once.
  call(state, CHANNELS, 0, [])

  /** Parts of events that are still to be sent: `{ item, fields, targets, bytes }`. */
  let held = []
  const failed = []
  let [published, requests, count, running, isDone] = [0, 0, 0, 1, false]
  let wake, reason

  /** Counts one channel of an event as settled, or all of it. */
  const settle = (item, error, channels = 1) => {
    item.error ??= error
    item.left -= channels
    if (item.left > 0) return
    if (item.error === undefined) published++
    else failed.push({ index: item.index, event: item.event, error: item.error })
  }

  const stop = (error) => {
    reason ??= error
    isDone = true
    wake?.()
  }

  const makePart = (item, names, targets, isSealed) => {
    const { event } = item
    const members = readMembers(event, MEMBERS)
    const fields = [
      memberSocketId(members),
      eventField(getOption(event, "name")),
      ...eventFields(settings, isSealed, getOption(event, "data"), members),
    ]
    const bytes = Number(call(state, EVENT, 0, [...fields, ...names.map((name) => targets.get(name))])[0])
    return { item, fields, targets: new Map(names.map((name) => [name, targets.get(name)])), bytes }
  }

  /** Takes an event into what is held. */
  const hold = (event) => {
    const item = { index: count++, event, left: 0, error: undefined }
    try {
      if (!isObject(event)) throw wrongType("events", event, "each must be an object")
      checkNames(event, [...MEMBERS, "socket_id", "info"], "member")
      const targets = targetsOf(event)
      const names = [...targets.keys()]
      const sealed = names.filter(isEncrypted)
      const plain = names.filter((name) => !isEncrypted(name))
      const parts = sealed.map((name) => makePart(item, [name], targets, true))
      if (plain.length > 0 || sealed.length === 0) parts.push(makePart(item, plain, targets, false))
      item.left = names.length
      held.push(...parts)
    } catch (error) {
      settle(item, error)
      if (stopOnError || state.isFreed) stop(error)
    }
  }

  /** Pulls events until there are enough to be packed well. */
  const fill = async () => {
    const sum = (measure) => held.reduce((total, part) => total + measure(part), 0)
    while (
      !isDone &&
      held.length < settings.maxEvents * BATCHES_HELD &&
      sum(({ targets }) => targets.size) < settings.maxChannels &&
      sum(({ bytes }) => bytes) < MEGABYTE
    ) {
      try {
        const result = await new Promise((resolve, reject) => {
          wake = resolve
          Promise.resolve(iterator.next()).then(resolve, reject)
        })
        if (!result || result.done) isDone = true
        else hold(result.value)
      } catch (error) {
        settle({ index: count++, event: undefined, left: 0, error: undefined }, error)
        isDone = true
      }
    }
  }

  /** Takes the next request out of what is held: parts, each with a channel. */
  const take = async () => {
    await fill()
    if (reason || held.length === 0) return undefined
    const packed = call(state, PACK, 0, [
      String(maxBytes),
      ...held.flatMap(({ bytes, targets }) => {
        const names = [...targets.keys()].slice(0, settings.maxChannels)
        return [String(bytes), String(names.length), ...names]
      }),
    ])
    const entries = []
    for (let at = 0; at < packed.length; at += 2) {
      const part = held[Number(packed[at])]
      const name = packed[at + 1]
      entries.push({ part, channel: part.targets.get(name) })
      part.targets.delete(name)
    }
    held = held.filter(({ targets }) => targets.size > 0)
    return entries
  }

  const deliver = async (entries) => {
    const [{ part }] = entries
    const size = String(entries.length)
    const isTrigger = entries.every((entry) => entry.part === part)
    const fields = isTrigger
      ? [...part.fields, size, ...entries.map(({ channel }) => channel)]
      : [
          size,
          ...entries.flatMap(({ part: { fields }, channel }) => [channel, fields[1], fields[0], ...fields.slice(2)]),
        ]
    const key = idempotencyKeys ? freshKey(settings) : undefined
    requests++
    let failure
    try {
      await send(isTrigger ? TRIGGER : BATCH, fields, { signal, retry, idempotencyKey: key })
    } catch (error) {
      // A server may have rules of its own: then one bad event must not take the others with it.
      if (!isTrigger && [400, 413, 422].includes(error.status)) {
        for (const entry of entries) await deliver([entry])
        return
      }
      failure = error
      if (stopOnError || state.isFreed) stop(error)
    }
    for (const entry of entries) settle(entry.part.item, failure)
    if (onProgress) notify(onProgress, { published, failed: failed.length, requests })
  }

  let turn = Promise.resolve()
  const runs = []
  const run = async () => {
    for (;;) {
      const entries = await (turn = turn.then(take))
      if (!entries) return
      if (running < concurrency) {
        running++
        runs.push(run())
      }
      await deliver(entries)
    }
  }

  const onAbort = () =>
    stop(
      new PusherRequestError("Request failed with an error", undefined, signal.reason, undefined, undefined, "aborted"),
    )

  return (async () => {
    signal?.addEventListener("abort", onAbort)
    if (signal?.aborted) onAbort()
    runs.push(run())
    for (const each of runs) await each
    signal?.removeEventListener("abort", onAbort)
    for (const { item, targets } of held) settle(item, reason, targets.size)
    if (reason) Promise.resolve(iterator.return?.()).catch(() => {})
    return { published, requests, failed: failed.sort((one, other) => one.index - other.index) }
  })()
}
