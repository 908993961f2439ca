// Whether the module is whole: calls of every kind, on a client that was there before and on new ones, whose answers are known from
// elsewhere. A broken module has answered `Invalid socket id: ''`, ignored a `host`, and signed nothing, all without an error.
import { docs, rejectionOf, vectors } from "../support.mjs"
import { hmac, keepRequests, readRequest } from "./host.mjs"

const [{ master_key_base64: encryptionMasterKeyBase64, channel: encryptedChannel, shared_secret }] = vectors.encryption
const [privateChannel, , presenceChannel] = vectors.channel_auth
const [user] = vectors.user_auth
const [documented, question] = vectors.request
const [webhook] = vectors.webhook
const [{ body: documentedBody }] = vectors.md5

/** Options with which everything that a client answers or sends is the same each time: of the documentation's worked example. */
export const fixedOptions = {
  ...docs,
  encryptionMasterKeyBase64,
  now: () => 1353088179000,
  randomBytes: (length) => new Uint8Array(length).fill(1),
  // A failure is to be seen as it is.
  retry: false,
}

/** Sealed with `fixedOptions`. Made with tweetnacl 1.0.3. */
export const sealed = {
  channel: "private-encrypted-a",
  opened: { some: "data" },
  data: { nonce: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB", ciphertext: "/b1KZoDpSG0m/3HsdHsAhxet0heE7sXSVd0YzTF77A==" },
}

/** A webhook that another app's token signed, with its headers. */
export const signedWebhook = {
  token: { key: "123456789", secret: webhook.secret },
  events: JSON.parse(webhook.body).events,
  request: {
    headers: {
      "x-pusher-key": "123456789",
      "x-pusher-signature": webhook.signature,
      "content-type": "application/json",
    },
    rawBody: webhook.body,
  },
}

/** The same, with another body than the one that was signed. */
export const forgedWebhook = { ...signedWebhook.request, rawBody: webhook.body.replace("vacated", "vacatee") }

/** What an error says. */
export const wordsOf = (error) => `${error?.name} ${error?.code}: ${error?.message}`

/** What a call returns, or the code of what it throws; its words where it has none. */
export const codeOrResult = (call) => {
  try {
    return call()
  } catch (error) {
    return error?.code ?? wordsOf(error)
  }
}

/** A value as text that is the same for equal values, in whatever order their members are. */
export const canonical = (value) =>
  JSON.stringify(value, (_, item) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  )

/** The code of the error that a call throws or rejects with, and whether its message shows what was given. */
const mistake = async (call, given) => {
  const { code, message } = await rejectionOf(new Promise((resolve) => resolve(call())))
  return { code, showsWhatWasGiven: message.includes(`'${given}'`) }
}

/** The signature that a query string or a URL ends with. */
export const signatureIn = (text) => new URLSearchParams(text.split("?").at(-1)).get("auth_signature")

export const base64Of = (bytes) => btoa(String.fromCharCode(...bytes))

/** The client that outlives everything that a test does. */
export const oldClient = (Pusher) => new Pusher({ ...fixedOptions, fetch: keepRequests().fetch })

/** Each question with its right answer. */
const questions = (Pusher, old) => {
  const using = async (options, use) => {
    const client = new Pusher({ ...fixedOptions, ...options })
    try {
      return await use(client)
    } finally {
      client.free()
    }
  }
  const sent = (options, call) => {
    const { requests, fetch } = keepRequests()
    return using({ fetch, ...options }, async (client) => {
      await call(client)
      return requests
    })
  }
  const signed = async (call) => readRequest((await sent({}, call))[0])
  const member = JSON.parse(presenceChannel.channel_data)

  return {
    "an old client authorises a channel": [
      () => old.authorizeChannel(privateChannel.socket_id, privateChannel.channel).auth,
      privateChannel.auth,
    ],
    "an old client signs a query": [
      () => signatureIn(old.createSignedQueryString({ method: "POST", path: "/apps/3/events", body: documentedBody })),
      documented.signature,
    ],
    "a new client authorises a member": [
      () => using({}, (client) => client.authorizeChannel(presenceChannel.socket_id, presenceChannel.channel, member)),
      { channel_data: presenceChannel.channel_data, auth: presenceChannel.auth },
    ],
    "a user signs in": [
      () => using({}, (client) => client.authenticateUser(user.socket_id, JSON.parse(user.user_data)).auth),
      user.auth,
    ],
    "a client of other credentials signs with its own": [
      () =>
        using({ ...vectors.credentials.query, now: () => question.timestamp * 1000 }, (client) =>
          signatureIn(client.createSignedQueryString({ method: "GET", path: question.path, params: question.params })),
        ),
      question.signature,
    ],
    "a secret is shared": [() => base64Of(old.channelSharedSecret(encryptedChannel)), shared_secret],
    "`cluster` counts": [() => using({ cluster: "eu" }, ({ config }) => config.host), "api-eu.pusher.com"],
    "`host` and `port` count": [
      () => using({ host: "own.example.com", port: 6001 }, ({ config }) => [config.host, config.port]),
      ["own.example.com", 6001],
    ],
    "variables count": [
      () => {
        const env = { PUSHER_APP_ID: "3", PUSHER_KEY: "key", PUSHER_SECRET: "secret", PUSHER_CLUSTER: "ap1" }
        const client = Pusher.fromEnv(env)
        const { host, token } = client.config
        client.free()
        return [host, token.key, token.secret]
      },
      ["api-ap1.pusher.com", "key", "secret"],
    ],
    "the documented request is sent": [
      async () => {
        const [{ url, body }] = await sent({}, (client) => client.post({ path: "/events", body: documentedBody }))
        return { body, signature: signatureIn(url) }
      },
      { body: documentedBody, signature: documented.signature },
    ],
    "an event is triggered": [
      () => signed((client) => client.trigger(["a", "b"], "event", "text")),
      {
        method: "POST",
        path: "/apps/3/events",
        params: {},
        body: { name: "event", data: "text", channels: ["a", "b"] },
        isSigned: true,
      },
    ],
    "channels are asked for, by their prefix": [
      () => signed((client) => client.channels({ prefix: "presence-", info: "user_count" })),
      {
        method: "GET",
        path: "/apps/3/channels",
        params: { filter_by_prefix: "presence-", info: "user_count" },
        isSigned: true,
      },
    ],
    "data is sealed": [
      async () => {
        const [{ body }] = await sent({}, (client) => client.trigger(sealed.channel, "event", sealed.opened))
        return JSON.parse(JSON.parse(body).data)
      },
      sealed.data,
    ],
    "data is opened": [() => old.decrypt(sealed.channel, sealed.data), sealed.opened],
    "a valid webhook is valid": [() => new Pusher.WebHook(signedWebhook.token, signedWebhook.request).isValid(), true],
    "a valid webhook is valid by a further token": [
      () => old.webhook(signedWebhook.request).isValid([{ key: "other", secret: "other" }, signedWebhook.token]),
      true,
    ],
    "a valid webhook is none of another app's": [() => old.webhook(signedWebhook.request).isValid(), false],
    "a forged webhook is invalid": [
      () => new Pusher.WebHook(signedWebhook.token, forgedWebhook).isValid(signedWebhook.token),
      false,
    ],
    "clients and tokens beside each other sign with their own secrets": [
      async () => {
        const secrets = Array.from({ length: 8 }, (_, index) => `secret ${index}`)
        const signers = secrets.map((secret) => [new Pusher({ ...docs, secret }), new Pusher.Token(docs.key, secret)])
        const strangers = []
        for (const [index, [client, token]] of signers.entries()) {
          const signature = await hmac(secrets[index], "1.1:private-a")
          const { auth } = client.authorizeChannel("1.1", "private-a")
          if (auth !== `${docs.key}:${signature}`) strangers.push({ index, auth })
          if (token.sign("1.1:private-a") !== signature) strangers.push({ index, signed: token.sign("1.1:private-a") })
        }
        for (const signer of signers.flat()) signer.free()
        return strangers
      },
      [],
    ],
    "a token signs and verifies": [
      () => {
        const token = new Pusher.Token("key", webhook.secret)
        const answers = [
          token.sign(webhook.body),
          token.verify(webhook.body, webhook.signature),
          token.verify(forgedWebhook.rawBody, webhook.signature),
        ]
        token.free()
        return answers
      },
      [webhook.signature, true, false],
    ],
    "a wrong socket id is told": [
      () => mistake(() => old.authorizeChannel("wrong", "private-a"), "wrong"),
      { code: "invalid_socket_id", showsWhatWasGiven: true },
    ],
    "a wrong channel is told": [
      () => mistake(() => old.trigger("not a name", "event", "x"), "not a name"),
      { code: "invalid_channel", showsWhatWasGiven: true },
    ],
    "after mistakes, an old client authorises a channel": [
      () => old.authorizeChannel(privateChannel.socket_id, privateChannel.channel).auth,
      privateChannel.auth,
    ],
  }
}

/** Asks everything, and resolves to what is answered wrongly: nothing, as long as the module is whole. */
export const wrongAnswers = async (Pusher, old) => {
  const wrong = []
  for (const [question, [ask, right]] of Object.entries(questions(Pusher, old))) {
    let answer
    try {
      answer = await ask()
    } catch (error) {
      answer = wordsOf(error)
    }
    if (canonical(answer) !== canonical(right)) wrong.push({ question, answer, right })
  }
  return wrong
}
