import { App, DEFAULT_APP } from "./app.js"
import { fromBase64 } from "./bytes.js"
import { ChannelStates } from "./channel-states.js"
import { checkMembers, checkValue, makeRule, RULES } from "./check.js"
import { makeEnv } from "./client-settings.js"
import { findExpected } from "./expectation.js"
import { applyFault, checkFault, makeResponse, readCall } from "./fake-fetch.js"
import { Faults } from "./faults.js"
import { HttpApi } from "./http-api.js"
import { DEFAULT_LIMITS } from "./limits.js"
import { MANNERS } from "./manners/index.js"
import { openData } from "./opening.js"
import { Subscriber } from "./subscriber.js"
import { makeAuthRequest, makeUserAuthRequest, makeWebhookRequest } from "./user-requests.js"

const HOST = "channels.test"
const ORIGIN = `https://${HOST}`

const OPTION_RULES = {
  appId: RULES.text,
  key: RULES.text,
  secret: RULES.secret,
  encryptionMasterKeyBase64: makeRule(
    (value) => typeof value === "string" && fromBase64(value)?.length === 32,
    "32 bytes in base64",
    true,
  ),
  enabled: RULES.flag,
  now: RULES.fn,
  limits: RULES.object,
}
const LIMIT_RULES = Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, RULES.count]))

/**
 * Makes a Channels server without a network.
 *
 * @param {object} [options]
 * @param {string} [options.appId]
 * @param {string} [options.key]
 * @param {string} [options.secret]
 * @param {string} [options.encryptionMasterKeyBase64] opens the events of encrypted channels
 * @param {boolean} [options.enabled] `false`: every request is refused with 403
 * @param {() => number} [options.now] the clock of server and client, in milliseconds
 * @param {Partial<import("./limits.js").Limits>} [options.limits]
 */
export function fakeChannels(options = {}) {
  checkMembers("fakeChannels", options, OPTION_RULES)
  checkMembers("fakeChannels: limits", options.limits ?? {}, LIMIT_RULES)
  const { appId: id = DEFAULT_APP.id, key = DEFAULT_APP.key, secret = DEFAULT_APP.secret, enabled } = options
  const { encryptionMasterKeyBase64, now = () => Date.now() } = options
  const masterKey = encryptionMasterKeyBase64 === undefined ? undefined : fromBase64(encryptionMasterKeyBase64)
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const place = { prefix: "", signsPrefix: false, manners: MANNERS.pusher, limits }

  const events = []
  const webhooks = []
  const channels = new ChannelStates(limits)
  /** @param {import("./app.js").PublishedEvent} event */
  const onPublish = ({ name, data, channels, socketId }) => {
    for (const channel of channels) {
      const opened = openData(channel, data, masterKey)
      events.push({ channel, event: name, data: opened, ...(socketId === undefined ? {} : { socketId }) })
    }
  }
  const makeApp = () =>
    new App(
      { id, key, secret, enabled },
      { now, limits, webhooks: { emit: (_, event) => webhooks.push(event) }, states: channels, onPublish },
    )
  const apps = [makeApp()]
  const subscribers = new Set()
  const faults = new Faults()
  let nextFaults = []
  let undoAnswers = []
  // Faults of the next requests come before answers for all of them.
  faults.intercept(() => nextFaults.shift())
  const api = new HttpApi({ apps, now, faults, log: () => {} })

  const fetch = async (input, init) => {
    const { signal, url, ...call } = await readCall(input, init)
    signal?.throwIfAborted()
    const tooLarge = call.body.length > limits.requestBodyBytes
    const recorded = api.record({ ...call, url: url.pathname + url.search })
    try {
      let replaced
      const answer = await api.answer(recorded, { bytes: call.body, tooLarge }, place, async (fault) => {
        replaced = await applyFault(fault, signal)
        return replaced !== undefined
      })
      signal?.throwIfAborted()
      return replaced ?? makeResponse(/** @type {any} */ (answer))
    } finally {
      recorded.isOpen = false
    }
  }

  const fake = {
    options: {
      appId: id,
      key,
      secret,
      host: HOST,
      useTLS: true,
      // As on Pusher's own hosts.
      maxPayloadBytes: limits.eventBytes,
      fetch,
      ...(encryptionMasterKeyBase64 === undefined ? {} : { encryptionMasterKeyBase64 }),
      ...(options.now === undefined ? {} : { now }),
    },
    env: {
      ...makeEnv({ id, key, secret }, ORIGIN),
      ...(encryptionMasterKeyBase64 === undefined
        ? {}
        : { PUSHER_ENCRYPTION_MASTER_KEY_BASE64: encryptionMasterKeyBase64 }),
    },
    url: ORIGIN,
    fetch,
    requests: api.requests,
    events,
    webhooks,
    channels,

    reset() {
      for (const subscriber of subscribers) subscriber.disconnect()
      subscribers.clear()
      for (const undo of undoAnswers) undo()
      undoAnswers = []
      nextFaults = []
      channels.clear()
      for (const list of [events, webhooks, api.requests]) list.length = 0
      apps[0] = makeApp()
    },

    failNext(fault) {
      checkFault("failNext", fault)
      nextFaults.push({ ...fault })
    },

    respondWith(answer) {
      if (typeof answer !== "function") checkFault("respondWith", answer)
      const choose = typeof answer === "function" ? answer : () => answer
      const undo = faults.intercept(async (request) => {
        const chosen = await choose(request)
        if (chosen === undefined) return undefined
        checkValue("respondWith: what the function returns", chosen, RULES.object)
        checkFault("respondWith", chosen)
        return chosen
      })
      undoAnswers.push(undo)
      return undo
    },

    connect(channel, connectOptions) {
      const subscriber = new Subscriber(apps[0], channel, connectOptions, masterKey)
      subscribers.add(subscriber)
      return subscriber
    },

    webhookRequest: (webhookEvents, headers, requestOptions) =>
      makeWebhookRequest({ key, secret }, now, webhookEvents, headers, requestOptions),
    authRequest: makeAuthRequest,
    userAuthRequest: makeUserAuthRequest,

    expectTriggered(expected = {}, expectOptions = {}) {
      try {
        return findExpected(events, expected, expectOptions, () => explainNothing(api.requests))
      } catch (error) {
        // The stack begins where the test called it.
        Error.captureStackTrace?.(/** @type {Error} */ (error), fake.expectTriggered)
        throw error
      }
    },
  }
  return fake
}

/** Says what became of the last request, where nothing was triggered. */
const explainNothing = (requests) => {
  const last = requests.at(-1)
  if (last === undefined) return "There was no request either: is the client made with the fake's options?"
  const { method, path, response } = last
  const outcome = response ? `was answered ${response.status} ${response.body.trim().slice(0, 300)}` : "met a fault"
  return `The last request, ${method} ${path}, ${outcome}`
}
