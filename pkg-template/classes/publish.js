// Publishing without limits: events from any source go out in as few requests as the module can pack them into.
import { argumentError, PusherRequestError, validationError, withoutIndex } from "../errors.js"
import { notify, pause } from "../http/exchange.js"
import {
  callOptions,
  channelField,
  checkEvent,
  eventField,
  eventFields,
  isEncrypted,
  memberSocketId,
  membersOfEvent,
  readMembers,
  userField,
  wellFormed,
  wrongType,
} from "../input/arguments.js"
import { chunksOf, payloadOf, sizeOf } from "../input/chunks.js"
import { freshNonce } from "../input/nonces.js"
import { checkType, FLAG, FUNCTION } from "../input/options.js"
import { wholeNumber } from "../input/retry.js"
import { FAILURES_AT_ONCE, HELD_BESIDE_BATCH, MEGABYTE, TURNS } from "../limits.js"
import { call } from "../module/call.js"
import { BATCH, CHANNELS, PACK, TRIGGER } from "../module/operations.js"
import { getOption, isObject, tryRead } from "../values.js"

const OPTIONS = "concurrency onProgress stopOnError maxRequestBytes idempotencyKeys oversize"
const NOT_IN_BODY = ["channel", "channels", "userId", "name", "data"]
const MEMBERS = membersOfEvent(NOT_IN_BODY)
/** What a server answers that does not like an event. */
const REFUSALS = [400, 413, 422]

/** Returns the iterator of a source of events. Not every host can iterate over a stream. */
const iteratorOf = (source) => {
  if (getOption(source, "locked") === true) {
    throw argumentError("Invalid events: the stream is locked, something else reads it", "events")
  }
  if (typeof source !== "string") {
    const iterator = (source?.[Symbol.asyncIterator] ?? source?.[Symbol.iterator])?.call(source)
    if (iterator) return iterator
    const reader = source?.getReader?.()
    if (reader) return { next: () => reader.read(), return: () => reader.cancel() }
  }
  throw wrongType("events", source, "they must be an iterable, an async iterable or a ReadableStream")
}

/**
 * Makes the parts of an item, which is an event on its way: one part for all channels, and one for each that is encrypted. Each of these may be cut
 * into chunks. A part's `targets` are the fields of its channels by their names. Throws if the event cannot be sent; so none fails in its
 * second request that could have been told before its first.
 */
const partsOf = (state, item, maxBytes, isCutting) => {
  const { settings } = state
  const { event } = item
  checkEvent(event, MEMBERS)
  const channel = getOption(event, "channel") ?? []
  const channels = getOption(event, "channels") ?? []
  const userId = getOption(event, "userId") ?? undefined
  const targets = new Map()
  // `concat` makes a list of one channel, and keeps holes of a list.
  for (const name of [].concat(channels, channel)) targets.set(String(name), channelField(name))
  if (userId !== undefined || targets.size === 0)
    targets.set(wellFormed(`#server-to-user-${userId}`), userId === undefined ? channelField() : userField(userId))
  const members = readMembers(event, NOT_IN_BODY)
  const start = [memberSocketId(members), eventField(getOption(event, "name"))]
  const data = getOption(event, "data")
  let sealed
  const sealedFields = () => {
    // Serialised once, whatever `toJSON` does the next time; each with a nonce of its own.
    sealed = sealed ? [sealed[0], freshNonce(settings), sealed[2]] : eventFields(settings, true, data, members)
    return sealed
  }
  const parts = []
  // A body is never smaller than its data: so the data of small events is not measured by itself.
  const most = Math.min(maxBytes, settings.maxPayload)
  const isLarge = ({ fields, isSealed, bytes }) =>
    bytes > most && (bytes > maxBytes || payloadOf(fields, isSealed) > settings.maxPayload)
  const addParts = (targets, isSealed) => {
    const fields = [...start, ...(isSealed ? sealedFields() : eventFields(settings, false, data, members))]
    const part = { item, fields, isSealed, targets, bytes: sizeOf(fields, isSealed) }
    const chunks = isCutting && isLarge(part) ? chunksOf(settings, part, maxBytes) : []
    item.isCut ||= chunks.length > 0
    if (chunks.length === 0) chunks.push(part)
    for (const chunk of chunks) parts.push(chunk)
  }
  for (const pair of targets) {
    if (!isEncrypted(pair[0])) continue
    addParts(new Map([pair]), true)
    targets.delete(pair[0])
  }
  if (targets.size > 0) addParts(targets, false)

  const isOne = parts.length === 1 && parts[0].targets.size <= settings.maxChannels
  for (const part of parts) {
    if (!isOne) call(state, PACK, 0, [String(maxBytes), ...packedFields(part, Infinity)])
    if (!isOne || part.bytes > most) call(state, TRIGGER, 0, [...part.fields, "1", firstEntry(part).target])
    if (part.bytes <= maxBytes) continue
    throw validationError(
      `A request for the event has ${part.bytes} bytes, more than \`maxRequestBytes\``,
      "payload_too_large",
      "data",
      'Raise `maxRequestBytes`, or cut the event by `oversize: "chunk"`.',
    )
  }
  return parts
}

/** Makes the fields by which the module packs a part, of so many of its channels. */
const packedFields = ({ bytes, targets }, most) => {
  const fields = [...targets.values()].slice(0, most)
  return [String(bytes), String(fields.length), ...fields]
}

/** Makes the entry of a part's first channel. */
const firstEntry = (part) => {
  const [name, target] = part.targets.entries().next().value
  return { part, name, target }
}

/** Returns more bytes than an entry takes in a batch: a character of its channel's name may have six, as an escape. */
const mostBytes = ({ part, name }) => part.bytes + name.length * 6 + 64

/** Makes the fields of a request, and its operation, of entries: each a part, and the name and field of one of its channels. */
const requestOf = (entries) => {
  const [{ part }] = entries
  const count = String(entries.length)
  if (entries.every((entry) => entry.part === part)) {
    return [TRIGGER, [...part.fields, count, ...entries.map(({ target }) => target)]]
  }
  const fieldsOf = ({ part, target }) => {
    const [socketId, name, data, nonce, members] = part.fields
    return [target, name, socketId, data, nonce, members]
  }
  return [BATCH, [count].concat(...entries.map(fieldsOf))]
}

/**
 * Publishes events by `send`, which sends what an operation, fields and options make. Throws if an argument is wrong. Resolves to a report of
 * everything else, and never rejects.
 */
export const publish = (state, source, options, send) => {
  const { settings } = state
  const { signal, retry, idempotencyKey } = callOptions(options, OPTIONS, undefined, settings)
  if (idempotencyKey) {
    throw argumentError("Invalid idempotencyKey: each request needs its own, set `idempotencyKeys`", "idempotencyKey")
  }
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
  const mostParts = settings.maxEvents + HELD_BESIDE_BATCH
  const mostChannels = Math.max(settings.maxChannels, mostParts)

  const failed = []
  /** @type {any[]} Parts that are still to be sent. */
  let held = []
  // Counted as they come and go.
  let [heldChannels, heldBytes] = [0, 0]
  let [published, requests, pulled, running, isDone] = [0, 0, 0, 0, false]
  // Ends the wait for an event, and that for a request.
  let wakeSource, wakeSender, reason

  const stop = async (cause) => {
    isDone = true
    if (reason) return
    reason = new PusherRequestError(
      "Not sent: publishing ended before",
      undefined,
      cause,
      undefined,
      undefined,
      "aborted",
    )
    // An event that is on its way takes a few turns more, and belongs to the report.
    for (let turn = 0; turn < TURNS; turn++) await undefined
    wakeSource?.({ done: true })
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

  /** Holds a part more. */
  const hold = (part) => {
    held.push(part)
    heldChannels += part.targets.size
    heldBytes += part.bytes
  }

  /** Holds only those parts that `isKept` picks. */
  const keep = (isKept) => {
    const parts = held
    held = []
    heldChannels = heldBytes = 0
    for (const part of parts) if (isKept(part)) hold(part)
  }

  /** Gives up what is held of an item. */
  const drop = (item, error) => {
    const before = heldChannels
    keep((part) => part.item !== item)
    settle(item, before - heldChannels, { error })
  }

  /** Resolves to what a source gives that has it later; to its end, if publishing is stopped meanwhile. */
  const arrival = (result) =>
    new Promise((resolve, reject) => {
      wakeSource = resolve
      Promise.resolve(result).then(resolve, reject)
    })

  /** Pulls events until there is enough to be packed well. */
  const fill = async () => {
    while (!isDone && held.length < mostParts && heldChannels < mostChannels && heldBytes < MEGABYTE) {
      const item = { index: pulled, event: undefined, left: 0, failure: undefined, isCut: false }
      let hasThrown = true
      try {
        let result = iterator.next()
        // A result that is there already needs no promise.
        if (typeof getOption(result, "then") === "function") result = await arrival(result)
        if (!isObject(result)) throw wrongType("events", result, "an iterator must give objects")
        hasThrown = false
        if (result.done) {
          isDone = true
          return
        }
        pulled++
        item.event = result.value
        if (reason) throw reason
        const parts = partsOf(state, item, maxBytes, oversize === "chunk")
        item.left -= heldChannels
        for (const part of parts) hold(part)
        item.left += heldChannels
      } catch (/** @type {any} */ error) {
        isDone ||= hasThrown
        withoutIndex(error)
        settle(item, 0, { error })
        await rest()
      }
    }
  }

  /** Gives the host its turn, after many events that failed without a request. */
  const rest = async () => {
    if (failed.length % FAILURES_AT_ONCE === 0) await pause(0, signal)
  }

  /** Sends entries, by default those that the module packs. Returns the promise of their end; nothing, if an event is not valid. */
  const begin = (given) => {
    let entries = given
    try {
      entries ??= pack()
      const sent = send(...requestOf(entries), { signal, retry, idempotencyKeys })
      requests++
      for (const { part, name } of entries) part.targets.delete(name)
      keep(({ targets }) => targets.size > 0)
      return finish(entries, sent)
    } catch (/** @type {any} */ error) {
      const index = error?.index ?? 0
      const { item } = entries?.[index]?.part ?? held[index]
      withoutIndex(error)
      drop(item, error)
    }
  }

  const finish = async (entries, sent) => {
    let failure
    try {
      await sent
    } catch (/** @type {any} */ error) {
      // One bad event must not take the others of a batch with it.
      if (REFUSALS.includes(error?.status) && entries.some(({ part }) => part !== entries[0].part)) {
        for (const entry of entries) {
          await ((reason ? undefined : begin([entry])) ?? settle(entry.part.item, 1, { error: reason ?? error }))
        }
        return
      }
      failure = { error }
    }
    for (const { part } of entries) {
      settle(part.item, 1, failure)
      // The other chunks are of no use.
      if (failure && part.item.isCut) drop(part.item, failure.error)
    }
    if (onProgress) notify(onProgress, { published, failed: failed.length, requests })
  }

  /** Returns the entries of the request to send first. Only so much is looked at as can be in it, or must come before. */
  const pack = () => {
    const entries = held.slice(0, settings.maxEvents).map(firstEntry)
    // On one channel each, and far from the limit, they go out as they came. The module says the same, but takes a fifth of `publish`.
    const isPlain = heldChannels === held.length && entries.length > 1
    if (isPlain && entries.reduce((sum, entry) => sum + mostBytes(entry), 0) <= maxBytes) return entries
    let fields = [String(maxBytes)]
    const window = []
    let room = mostChannels
    for (const part of held.slice(0, mostParts)) {
      window.push(part)
      fields = fields.concat(packedFields(part, mostChannels))
      room -= part.targets.size
      if (room < 0) break
    }
    const packed = call(state, PACK, 0, fields)
    const planned = []
    for (let at = 0; at < packed.length; at += 2) {
      const [part, name] = [window[Number(packed[at])], packed[at + 1]]
      planned.push({ part, name, target: part.targets.get(name) })
    }
    return planned
  }

  const sendAll = async () => {
    for (;;) {
      await fill()
      if (reason || held.length === 0) return
      const sending = begin()
      if (!sending) {
        await rest()
        continue
      }
      running++
      sending.then(() => {
        running--
        wakeSender?.()
      })
      if (running >= concurrency) await senderTurn()
    }
  }

  /** Resolves when a request has ended. */
  const senderTurn = () => new Promise((resolve) => (wakeSender = resolve))
  // workerd warns of a promise that a listener returns.
  const onAbort = () => {
    stop(signal.reason)
  }
  const report = async () => {
    tryRead(() => signal?.addEventListener("abort", onAbort))
    if (signal?.aborted) onAbort()
    await sendAll().catch(stop)
    while (running > 0) await senderTurn()
    tryRead(() => signal?.removeEventListener("abort", onAbort))
    while (held.length > 0) drop(held[0].item, reason)
    if (reason) notify(() => iterator.return?.())
    return { published, requests, failed: failed.sort((one, other) => one.index - other.index) }
  }
  return report()
}
