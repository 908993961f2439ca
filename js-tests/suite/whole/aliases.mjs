// One client, token or webhook under several names: through proxies, as containers, observers and mocks make them, through objects that are
// derived from it, and sealed or frozen. Each name works as the object itself, and the one object is freed once: what is freed twice gives
// its memory to two others, of which one signs with the other's secret. Source: "`free()` on `Object.create(client)`" in found.md.
import { docs, rejectionOf } from "../support.mjs"
import { hmac, readRequest } from "./host.mjs"
import { canonical, codeOrResult, oldClient, signedWebhook, wordsOf, wrongAnswers } from "./known-answers.mjs"
import { freeWorld, makeWorld, operations } from "./operations.mjs"

/** Other names of an object. */
const aliases = {
  "a proxy": (object) => new Proxy(object, {}),
  "a proxy of a proxy": (object) => new Proxy(new Proxy(object, {}), {}),
  "a proxy that binds methods": (object) =>
    new Proxy(object, {
      get(target, name) {
        const value = Reflect.get(target, name)
        return typeof value === "function" ? value.bind(target) : value
      },
    }),
  "a proxy that observes": (object) =>
    new Proxy(object, {
      get: (target, name, receiver) => Reflect.get(target, name, receiver),
      set: (target, name, value, receiver) => Reflect.set(target, name, value, receiver),
      has: (target, name) => Reflect.has(target, name),
      getOwnPropertyDescriptor: (target, name) => Reflect.getOwnPropertyDescriptor(target, name),
      defineProperty: (target, name, descriptor) => Reflect.defineProperty(target, name, descriptor),
    }),
  "a derived object": (object) => Object.create(object),
  "a derived object with members of its own": (object) => Object.assign(Object.create(object), { logger: console }),
  "an object derived from a derived one": (object) => Object.create(Object.create(object)),
  "a proxy of a derived object": (object) => new Proxy(Object.create(object), {}),
  "an object derived from a proxy": (object) => Object.create(new Proxy(object, {})),
  "itself, sealed": (object) => Object.seal(object),
  "itself, frozen": (object) => Object.freeze(object),
  "itself, not extensible": (object) => Object.preventExtensions(object),
  "a proxy of it, frozen": (object) => new Proxy(Object.freeze(object), {}),
  "itself, with members of the caller's": (object) => Object.assign(object, { own: 1 }),
}

/** Copies of an object's members: none of them is the object. */
const copies = {
  "a spread copy": (object) => ({ ...object }),
  "a copy by way of JSON": (object) => JSON.parse(JSON.stringify(object)),
  "a copy of what can be enumerated, with the same prototype": (object) =>
    Object.assign(Object.create(Object.getPrototypeOf(object)), object),
  "an object of the same prototype": (object) => Object.create(Object.getPrototypeOf(object)),
  "a structured clone": (object) => {
    try {
      return structuredClone(object)
    } catch {
      // No host has to clone it.
      return {}
    }
  },
}

/** What something is, by what it answered: all is right with it, it has been freed, or it is nothing of the library's. */
const stateOf = (answered, right) => {
  if (canonical(answered) === canonical(right)) return "right"
  return /^TypeError /.test(answered) ? "TypeError" : answered
}

/** Has garbage collected where the host lets a program do so. What was freed already must not be freed then. */
const collect = async () => {
  const gc = globalThis.Bun ? () => Bun.gc(true) : globalThis.gc
  for (let times = 0; times < 2; times++) {
    gc?.()
    await new Promise((resolve) => setTimeout(resolve))
  }
}

export default ({ test }, { default: Pusher }) => {
  const old = oldClient(Pusher)
  const { Token, WebHook } = Pusher
  class Own extends Pusher {
    authorizeChannel(...args) {
      return super.authorizeChannel(...args)
    }
  }
  /** A class that extends nothing, but has the methods. */
  class Other {}
  Object.defineProperties(Other.prototype, Object.getOwnPropertyDescriptors(Pusher.prototype))
  const authorise = (pusher) => pusher.authorizeChannel("1.1", "private-a").auth.slice(-64)
  const signed = () => hmac(docs.secret, "1.1:private-a")

  /** How each kind is made, what is asked of it, and what it answers. */
  const kinds = {
    "a Pusher": { type: Pusher, make: () => new Pusher(docs), use: authorise, answer: signed },
    "an instance of a subclass": { type: Pusher, make: () => new Own(docs), use: authorise, answer: signed },
    "a Pusher constructed for a subclass": {
      type: Pusher,
      make: () => Reflect.construct(Pusher, [docs], Own),
      use: authorise,
      answer: signed,
    },
    "a Pusher constructed for another class, with the same methods": {
      type: Pusher,
      make: () => Reflect.construct(Pusher, [docs], Other),
      use: authorise,
      answer: signed,
    },
    "a Token": {
      type: Token,
      make: () => new Token(docs.key, docs.secret),
      use: (token) => token.sign("1.1:private-a"),
      answer: signed,
    },
    "the token of a client": {
      type: Token,
      make: () => new Pusher(docs).config.token,
      use: (token) => token.sign("1.1:private-a"),
      answer: signed,
    },
    "a WebHook": {
      type: WebHook,
      make: () => new WebHook(signedWebhook.token, signedWebhook.request),
      use: (webhook) => [webhook.isValid(), webhook.isValid([]), webhook.getEvents(), webhook.key, webhook.body],
      answer: () => [true, true, signedWebhook.events, signedWebhook.token.key, signedWebhook.request.rawBody],
    },
  }

  for (const [name, alias] of Object.entries(aliases)) {
    test(`all that can be asked of a client, token or webhook can be asked of ${name}`, async (t) => {
      for (const [operation, { call, read = (value) => value, answer, request }] of Object.entries(operations)) {
        const world = makeWorld(Pusher)
        const { pusher, owner, token, webhook, spare } = world
        const named = {
          pusher: alias(pusher),
          owner: alias(owner),
          token: alias(token),
          webhook: alias(webhook),
          spare: spare.map(alias),
        }
        let answered
        try {
          answered = read(await call(named, Pusher))
        } catch (error) {
          answered = wordsOf(error)
        }
        const right = typeof answer === "function" ? await answer() : answer
        const sent = await Promise.all(world.requests.map((sent) => readRequest(sent)))
        t.deepEqual({ answered, sent }, { answered: right, sent: request ? [request] : [] }, operation)
        freeWorld(world)
      }
    })
  }

  for (const [kind, { type, make, use, answer }] of Object.entries(kinds)) {
    const free = (object) => object.free()
    const ask = (object) => codeOrResult(() => use(object))
    const freeing = (object) => codeOrResult(() => free(object))

    test(`${kind}: freed under one name, it is freed under every name, once`, async (t) => {
      const right = await answer()
      for (const [name, alias] of Object.entries(aliases)) {
        const object = make()
        const names = [object, alias(object), new Proxy(object, {}), Object.create(object)]
        const found = { before: names.map(ask), freeing: freeing(names[1]), after: names.map(ask) }
        found.again = names.map(freeing)
        found.others = await wrongAnswers(Pusher, old)
        const all = (value) => Array(names.length).fill(value)
        t.deepEqual(
          found,
          { before: all(right), freeing: undefined, after: all("freed"), again: all(undefined), others: [] },
          `freed as ${name}`,
        )
      }
    })

    test(`${kind}: a copy of its members is none, and its methods say so`, async (t) => {
      const methods = Object.entries(Object.getOwnPropertyDescriptors(type.prototype))
      for (const [name, copy] of Object.entries(copies)) {
        const object = make()
        const other = copy(object)
        for (const [method, { value }] of methods) {
          // What is read of a copy may also be nothing.
          if (typeof value !== "function" || method === "constructor" || method === "toJSON") continue
          const error = await rejectionOf(new Promise((resolve) => resolve(value.call(other))))
          t.true(error instanceof TypeError, `${method} of ${name} throws a TypeError, not ${wordsOf(error)}`)
        }
        t.deepEqual(ask(object), await answer(), `it goes on itself, beside ${name}`)
        t.strictEqual(freeing(object), undefined)
      }
      t.deepEqual(await wrongAnswers(Pusher, old), [], "others")
    })

    test(`${kind}: a copy of all its properties is another name for it, or none`, async (t) => {
      const right = await answer()
      const object = make()
      const copy = Object.create(Object.getPrototypeOf(object), Object.getOwnPropertyDescriptors(object))
      const isName = canonical(ask(copy)) === canonical(right)
      const asked = () => [object, copy].map((one) => stateOf(ask(one), right))
      t.deepEqual(asked(), ["right", isName ? "right" : "TypeError"], "before")
      t.strictEqual(stateOf(freeing(copy), undefined), isName ? "right" : "TypeError", "freeing the copy")
      t.deepEqual(asked(), isName ? ["freed", "freed"] : ["right", "TypeError"], "when the copy has been freed")
      t.strictEqual(freeing(object), undefined)
      t.deepEqual(asked(), ["freed", isName ? "freed" : "TypeError"], "when it has been freed itself")
      t.deepEqual(await wrongAnswers(Pusher, old), [], "others")
    })

    test(`${kind}: what was freed under other names and is then collected was nobody else's`, async (t) => {
      const right = await answer()
      const freeAll = () => {
        for (const alias of Object.values(aliases)) for (let count = 0; count < 20; count++) free(alias(make()))
      }
      freeAll()
      const after = Array.from({ length: 100 }, make)
      await collect()
      const later = Array.from({ length: 100 }, make)
      const wrong = [...after, ...later].map(ask).filter((answered) => canonical(answered) !== canonical(right))
      t.deepEqual(wrong, [])
      for (const object of [...after, ...later]) free(object)
      t.deepEqual(await wrongAnswers(Pusher, old), [], "others")
    })
  }
}
