// Compares what programs do with the objects themselves: statics called in other ways, replaced methods, subclasses, members.
import assert from "node:assert/strict"
import { after, test } from "node:test"

import { pick } from "../support/assertions.mjs"
import { credentials, masterKey, startStub, toPlainRequest } from "./stub.mjs"
import { Ours, settle, Theirs } from "./support.mjs"

const stub = await startStub()
after(stub.close)

const NOW = 1353088179000
const options = { ...credentials, ...stub.options, timeout: 10_000 }

/** Tests that `observe` finds the same in both libraries. */
const testSame = (name, observe) =>
  test(name, async () => {
    const [theirs, ours] = [await observe(Theirs), await observe(Ours)]
    assert.deepEqual(ours, theirs)
  })

/** Returns what a client is, and what it is configured with. */
const describe = (Pusher, pusher) => ({
  isPusher: pusher instanceof Pusher,
  isPlain: Object.getPrototypeOf(pusher) === Pusher.prototype,
  config: pick(pusher.config, "scheme", "host", "appId"),
  token: pick(pusher.config.token, "key", "secret"),
})
const statics = {
  forURL: ["https://key:secret@localhost/apps/3"],
  forCluster: ["eu", { ...credentials, useTLS: true }],
}
for (const [name, args] of Object.entries(statics)) {
  testSame(`${name} called by \`new\`, unbound, with another \`this\`, and on a subclass`, (Pusher) => {
    class Mine extends Pusher {}
    const make = Pusher[name]
    const made = [
      Pusher[name](...args),
      new Pusher[name](...args),
      make(...args),
      new make(...args),
      make.call({}, ...args),
      make.apply(undefined, args),
      make.bind(null, args[0])(...args.slice(1)),
      Mine[name](...args),
      new Mine[name](...args),
    ]
    return made.map((pusher) => describe(Pusher, pusher))
  })
}

testSame("the descriptors of the statics", (Pusher) =>
  ["forURL", "forCluster", "Token", "RequestError", "WebHookError"].map((name) => {
    const { value, ...descriptor } = Object.getOwnPropertyDescriptor(Pusher, name)
    return { name, type: typeof value, ...descriptor }
  }),
)

const calls = {
  trigger: (pusher) => pusher.trigger("a", "event", { some: "data" }, { socket_id: "1.2", info: "user_count" }),
  triggerBatch: (pusher) => pusher.triggerBatch([{ channel: "a", name: "event", data: { some: "data" } }]),
  sendToUser: (pusher) => pusher.sendToUser("user", "event", "text"),
  terminateUserConnections: (pusher) => pusher.terminateUserConnections("user@example.org"),
}
const methods = [
  "trigger",
  "triggerBatch",
  "sendToUser",
  "terminateUserConnections",
  "post",
  "get",
  "createSignedQueryString",
]

/** Has a client make every call. Returns the outcomes, and the requests that arrive. */
const callAll = async (pusher) => {
  stub.requests = []
  const outcomes = []
  for (const call of Object.values(calls)) {
    const { value, thrown, rejected } = await settle(NOW, () => call(pusher))
    outcomes.push(value?.status ?? value ?? (thrown ?? rejected)?.message)
  }
  return { outcomes, requests: stub.requests.map(toPlainRequest) }
}

for (const replaced of methods) {
  testSame(`a replaced \`${replaced}\`: what goes through it, and what is sent`, async (Pusher) => {
    const pusher = new Pusher(options)
    const args = []
    pusher[replaced] = function (...given) {
      args.push([this === pusher, ...given])
      return "replaced"
    }
    const { outcomes, requests } = await callAll(pusher)
    return { args: JSON.parse(JSON.stringify(args)), outcomes, sent: requests.length }
  })

  for (const [how, answer] of Object.entries({
    throws: () => {
      throw new Error("of the test")
    },
    rejects: async () => {
      throw new Error("of the test")
    },
    "returns nothing": () => {},
  })) {
    testSame(`a replaced \`${replaced}\` that ${how}`, async (Pusher) => {
      const pusher = new Pusher(options)
      pusher[replaced] = answer
      return (await callAll(pusher)).outcomes
    })
  }

  testSame(`a subclass whose \`${replaced}\` calls that of its parent`, async (Pusher) => {
    const names = []
    class Mine extends Pusher {
      [replaced](...args) {
        names.push(replaced, args.length)
        return super[replaced](...args)
      }
    }
    const mine = new Mine(options)
    const plain = await callAll(new Pusher(options))
    const found = await callAll(mine)
    assert.deepEqual(found, plain)
    return { names, found, isBoth: [mine instanceof Mine, mine instanceof Pusher] }
  })
}

testSame("a subclass that changes what is triggered", async (Pusher) => {
  class Prefixed extends Pusher {
    trigger(channels, event, data, params) {
      return super.trigger(
        [channels].flat().map((name) => `app-${name}`),
        event,
        { data, by: this.constructor.name },
        params,
      )
    }
  }
  return callAll(new Prefixed(options))
})

testSame(
  "a replaced `post` on the prototype of a subclass, of an instance, and of an object derived from it",
  async (Pusher) => {
    class Mine extends Pusher {}
    Mine.prototype.post = () => "of the prototype"
    const derived = Object.create(new Pusher(options), { post: { value: () => "of the derived object" } })
    return [await callAll(new Mine(options)), await callAll(derived)].map(({ outcomes }) => outcomes)
  },
)

testSame("a `post` that is put back", async (Pusher) => {
  const pusher = new Pusher(options)
  pusher.post = () => "replaced"
  const before = await callAll(pusher)
  delete pusher.post
  return [before, await callAll(pusher)]
})

const rawBody = '{"time_ms":1,"events":[]}'
const headers = {
  "x-pusher-key": credentials.key,
  "x-pusher-signature": new Theirs.Token(credentials.key, credentials.secret).sign(rawBody),
  "content-type": "application/json",
}

testSame("the members of a webhook", (Pusher) => {
  const pusher = new Pusher(options)
  return [headers, {}, { ...headers, "content-type": "text/plain" }].map((headers) => {
    const webhook = pusher.webhook({ headers, rawBody })
    return {
      ...pick(webhook, "key", "signature", "contentType", "body"),
      token: pick(webhook.token, "key", "secret"),
      isTokenOfClient: webhook.token === pusher.config.token,
      enumerable: Object.keys(webhook).filter((name) => ["key", "contentType"].includes(name)),
    }
  })
})

testSame("the members of `config`", (Pusher) =>
  [{}, { port: 8080, scheme: "http" }, { encryptionMasterKeyBase64: masterKey }].map((more) => {
    const pusher = new Pusher({ ...options, ...more })
    const { config } = pusher
    const names = ["scheme", "host", "port", "appId", "timeout", "token"]
    return {
      values: pick(config, ...names.slice(0, -1)),
      token: pick(config.token, "key", "secret"),
      masterKey: config.encryptionMasterKey?.toString("hex"),
      enumerable: names.filter((name) => Object.keys(config).includes(name)),
      ofPusher: Object.keys(pusher),
      isSame: pusher.config === config,
      copied: { ...pusher }.config === config,
    }
  }),
)
