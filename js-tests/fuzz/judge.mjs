// Makes a call of a recipe, and judges what comes of it.
import { startTimer } from "./machine.mjs"
import { Kitchen } from "./values.mjs"

/** Codes that the types document; run.mjs reads them there. "freed" and "invalid_webhook" are in the README. */
const OTHER_CODES = ["freed", "invalid_webhook"]

/** How long a call may take, in milliseconds. Longer timers than 2 ms are shortened (see machine.mjs), so none takes as long. */
const PATIENCE = 5_000
/** Ingredients that hold a call up: what never resolves, and lists that take engines long. */
const HOLD_UP = ["never", "deep"]
/** How long one is waited for that the caller's own code may hold up for ever. */
const LONGEST_WAIT = 4

/** What engines say of revoked proxies, detached buffers, and traps that return what they must not. */
const ENGINE_SAYS = {
  revoked: /revoked|Proxy has already been/i,
  detached: /detached|neutered|out.of.bounds|Underlying ArrayBuffer|transferred/i,
  // Traps and iterators may return what they must not, and built-in getters do not know a proxy: engines have many words for that, but not these.
  proxy:
    /trap|proxy|Proxy|esult of |not a valid property name|private member|^(?!.*(Cannot read|Cannot destructure|undefined|null))TypeError/,
  // A host's own getters may write into its objects: Deno's do into a `Response`.
  closed: /read.only|not extensible/i,
  deep: /call stack|recursion/i,
}

/** What `readWebhook` says where a program passes it the wrong request, or a function that returns no client. */
const READ_BEFORE = /was read before|body parser has read|must return a client/

/** Makes a call. Returns what it returns; what it throws is thrown. */
const makeCall = (kitchen, { name, args: recipes }, { library, subpaths }) => {
  const { default: Pusher } = library
  const { handlers, node, beams, chunks, testing } = subpaths
  const [owner, method] = name.includes(".prototype.") ? name.split(".prototype.") : name.split(".")
  // A proxy as an argument may be asked before the client is.
  const args = recipes.map((recipe) => kitchen.make(recipe))
  const { client } = kitchen
  const beamsOf = (fetch) =>
    new beams.Beams({ instanceId: "a-1", secretKey: kitchen.base.secret, retry: { baseDelay: 0 }, fetch })
  const fake = () => testing.fakeChannels()
  switch (name) {
    case "new Pusher": {
      const pusher = new Pusher(...args)
      return [pusher.config, JSON.stringify(pusher), pusher.free()]
    }
    case "Pusher.forURL":
    case "Pusher.forCluster":
    case "Pusher.fromEnv":
      return Pusher[method](...args).free()
    case "Pusher.prototype of any":
      return Pusher.prototype[args[0]].apply(args[1], args.slice(2))
    case "new Token":
      return new Pusher.Token(...args).free()
    case "new PusherError":
    case "new PusherRequestError":
    case "new PusherWebHookError": {
      return new library[name.slice(4)](...args).message
    }
    case "new Beams":
      return new beams.Beams(...args)
    case "chunks.bindChunked": {
      const [channel, event, callback, options, parts] = args
      const callbacks = []
      const kept = { bind: (_, callback) => callbacks.push(callback), unbind: () => {} }
      const unbind = chunks.bindChunked(channel ?? kept, event, callback, options)
      for (const part of parts) for (const callback of callbacks) callback(part)
      return unbind()
    }
    case "handlers.readWebhook":
      return handlers.readWebhook(...args)
    case "node.nodeHandler":
      return node.nodeHandler(args[0])(...args.slice(1))
    case "node.lambdaHandler":
      return node.lambdaHandler(args[0])(...args.slice(1))
    case "testing.fakeChannels":
      return testing.fakeChannels(...args)
    case "testing.channels.set":
      return fake().channels.set(...args)
    case "testing.startLocalChannels":
      return testing.startLocalChannels(...args).then((server) => server.close())
  }
  if (owner === "Pusher") return client[method](...args)
  if (owner === "Token") return new Pusher.Token("key", kitchen.base.secret)[method](...args)
  if (owner === "WebHook") {
    const [token, request, tokens] = args
    const webhook = new Pusher.WebHook(token, request)
    return method === "reason" ? webhook.reason : webhook[method](tokens)
  }
  if (owner === "Beams") {
    if (method === "tokenHandler") return beamsOf().tokenHandler(...args.slice(0, 2))(...args.slice(2))
    const fetch = method === "generateToken" ? undefined : args.pop()
    return beamsOf(fetch)[method](...args)
  }
  if (owner === "handlers") {
    const isWebhook = method === "webhookHandler"
    const [pusher, callback, options, ...rest] = args
    return handlers[method](pusher, isWebhook ? (callback ?? {}) : callback, options)(...rest)
  }
  return fake()[method](...args)
}

/** Makes the judge of a library and its subpaths: a function of a recipe that resolves to what is wrong with the call, or `undefined`. */
export const makeJudge = (world) => {
  const { library, codes } = world
  const { PusherError, PusherValidationError, PusherRequestError } = library
  const known = new Set([...codes, ...OTHER_CODES])

  /** Tells what is wrong with an error. */
  const mistakeIn = (error, kitchen, name) => {
    const { thrown, used } = kitchen
    // The caller's own is passed on, whatever it is.
    if (thrown.has(error)) return undefined
    const isOurs = (() => {
      try {
        return error instanceof PusherError
      } catch {
        return false
      }
    })()
    if (isOurs) {
      const { code, message, field } = error
      if (!known.has(code)) return `the code ${String(code)} is not documented: ${message}`
      if (typeof message !== "string" || message === "") return "an error has no message"
      if (error instanceof PusherValidationError && typeof field !== "string") return `${message}: no field`
      if (error instanceof PusherRequestError && !["http", "network", "timeout", "aborted"].includes(code))
        return `a request error has the code ${code}`
      if (code === "freed" && !used.has("free")) return "freed, though nobody has freed it"
      const shown = [message, error.hint, JSON.stringify(error), error.stack].join("\n")
      for (const secret of [kitchen.base.secret, kitchen.base.encryptionMasterKeyBase64])
        if (shown.includes(secret)) return `the error shows a secret: ${message}`
      return undefined
    }
    let message
    try {
      message = `${error?.name}: ${error?.message}`
    } catch {
      message = "an error that cannot be read"
    }
    if (/Called on what is no (Pusher|Token|WebHook|Beams)/.test(message)) {
      const isOther = name === "Pusher.prototype of any"
      return isOther ? undefined : message
    }
    // Engines' own words about what the caller has passed.
    for (const [ingredient, says] of Object.entries(ENGINE_SAYS))
      if (used.has(ingredient) && says.test(message)) return undefined
    return isDocumented(name, error) ? undefined : `not documented: ${message}\n${error?.stack}`
  }

  return async (recipe, isSlow = false) => {
    const kitchen = new Kitchen(world)
    try {
      let outcome
      try {
        kitchen.client = kitchen.makeClient(kitchen.object(recipe.options))
      } catch (error) {
        return mistakeIn(error, kitchen, "new Pusher")
      }
      try {
        outcome = makeCall(kitchen, recipe, world)
      } catch (error) {
        return mistakeIn(error, kitchen, recipe.name)
      }
      if (!isPromise(outcome)) return wrongResult(recipe.name, outcome)
      // What may hold it up for ever is known only once it was met.
      const mayHang = () => HOLD_UP.some((one) => kitchen.used.has(one)) || recipe.name === "node.nodeHandler"
      const ended = outcome.then((value) => ({ value }))
      let timer
      const wait = (limit) =>
        Promise.race([
          ended,
          new Promise((resolve) => {
            timer = startTimer(resolve, limit)
          }),
        ]).finally(() => clearTimeout(timer))
      try {
        const result = (await wait(LONGEST_WAIT)) ?? (mayHang() ? undefined : await wait(PATIENCE))
        if (result) return wrongResult(recipe.name, result.value)
        if (!mayHang()) return "the call hangs"
      } catch (error) {
        return mistakeIn(error, kitchen, recipe.name)
      } finally {
        ended.catch(() => {})
        if (isSlow) for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => startTimer(resolve))
      }
    } finally {
      kitchen.clean()
      try {
        kitchen.client?.free()
      } catch {}
    }
    return undefined
  }
}

const isPromise = (value) => {
  try {
    return value instanceof Promise
  } catch {
    // A proxy that was revoked.
    return false
  }
}

/** What answers must be, whatever was asked. */
const wrongResult = (name, result) => {
  const wrong = (what) => `${name} gave ${typeof result}, ${what}`
  if (/\.(isValid|isContentTypeValid|isBodyValid|verify)$/.test(name) && !name.includes("WebHook.prototype.verify"))
    return typeof result === "boolean" ? undefined : wrong("no boolean")
  if (/^handlers\..*Handler$|tokenHandler/.test(name))
    return result instanceof Response ? undefined : wrong("no Response")
  if (name === "Token.prototype.sign") return /^[0-9a-f]{64}$/.test(result) ? undefined : wrong("no signature")
  if (name === "Pusher.prototype.publish") {
    const { published, requests, failed } = result
    const isReport = Number.isInteger(published) && Number.isInteger(requests) && Array.isArray(failed)
    return isReport ? undefined : wrong("no report")
  }
  return undefined
}

/** Errors that are documented and no `PusherError`s: those of programs that cannot have been tried. */
const isDocumented = (name, error) => {
  // "A mistake is told at once": testing/check.js. chunks.js imports nothing.
  if (name.startsWith("testing.")) return error instanceof Error
  if (name === "chunks.bindChunked") return error instanceof TypeError
  return name === "handlers.readWebhook" && READ_BEFORE.test(error.message)
}
