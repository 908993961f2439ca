// The caller's own code, wherever the library runs it, may throw, call the library itself, or free the client in the middle of a call.
// Source: "None of the caller's code runs while the module is called" in the architecture.
import { docs } from "../support.mjs"
import { keepRequests, readRequest } from "./host.mjs"
import { canonical, codeOrResult, fixedOptions, oldClient, wordsOf, wrongAnswers } from "./known-answers.mjs"
import { readClient } from "./operations.mjs"
import { placesOfCalls, placesOfConstruction } from "./places.mjs"

/** A proxy runs its code more often than this: each further time is like the one before. */
const mostActs = 12

/**
 * Makes the call of a place. `act` is run there, with the client, once that is made, and how often it has been run before. Resolves to what
 * came of it: the answer or the error, and the requests that were sent.
 */
const run = async (Pusher, place, act) => {
  const { requests, fetch } = keepRequests()
  let made
  const client = (options) => {
    made = new Pusher({ ...fixedOptions, fetch, ...options })
    return made
  }
  let acts = 0
  let outcome
  try {
    const value = await place(() => act(made, acts++), client, Pusher)
    outcome = { answer: value instanceof Pusher ? readClient(value) : value instanceof Response ? value.status : value }
  } catch (error) {
    outcome = { error }
  }
  made?.free()
  const sent = await Promise.all(requests.map((request) => readRequest(request)))
  return { ...outcome, acts: Math.min(acts, mostActs), sent: sent.filter(({ body }) => body?.name !== "inner") }
}

/** What came of a call that was disturbed and neither is right nor allowed. */
const wrongOutcomes = (outcome, right, isAllowed) => {
  const isRight = "answer" in outcome && canonical(outcome.answer) === canonical(right.answer)
  const wrong = isRight || isAllowed(outcome) ? [] : [outcome.error ? { threw: wordsOf(outcome.error) } : outcome]
  const isKnown = (sent) => right.sent.some((known) => canonical(known) === canonical(sent))
  return [...wrong, ...outcome.sent.filter((sent) => !isKnown(sent)).map((sent) => ({ sent }))]
}

export default ({ test }, { default: Pusher, PusherError }) => {
  const old = oldClient(Pusher)

  /** Makes the call of a place as often as it runs the caller's code, and has that act at another time each. */
  const disturb = async (t, place, act, isAllowed) => {
    const right = await run(Pusher, place, () => {})
    t.true("answer" in right && right.acts > 0, `the caller's code is run, ${right.acts} times`)
    for (let at = 0; at < right.acts; at++) {
      const outcome = await run(Pusher, place, (client, count) => {
        if (count === at) act(client)
      })
      const found = { during: wrongOutcomes(outcome, right, isAllowed), after: await wrongAnswers(Pusher, old) }
      t.deepEqual(found, { during: [], after: [] }, `the code acts when it is run for time ${at + 1}`)
    }
  }

  for (const [name, place] of Object.entries({ ...placesOfConstruction, ...placesOfCalls })) {
    test(`${name} may throw`, async (t) => {
      const thrown = new Error("of the caller")
      const act = () => {
        throw thrown
      }
      // Whatever is the matter with a webhook, it is invalid: it may come from anybody.
      const isOfWebhook = /webhook|further token/.test(name)
      await disturb(
        t,
        place,
        act,
        ({ error, answer }) => error === thrown || error instanceof PusherError || (isOfWebhook && answer === false),
      )
    })

    test(`${name} may call the library`, async (t) => {
      const calls = []
      const act = (client = old) => {
        const other = new Pusher({ ...docs, secret: "other" })
        const { key, secret } = client.config.token
        const token = new Pusher.Token(key, secret)
        const { auth } = client.authorizeChannel("1.1", "private-inner")
        calls.push({
          signed: auth === `${key}:${token.sign("1.1:private-inner")}`,
          mistakes: [client, other].map((one) => codeOrResult(() => one.authorizeChannel("wrong", "private-inner"))),
        })
        other.free()
        token.free()
        client.trigger("inner", "inner", "x").catch((error) => calls.push(wordsOf(error)))
      }
      await disturb(t, place, act, () => false)
      const right = { signed: true, mistakes: ["invalid_socket_id", "invalid_socket_id"] }
      t.deepEqual(calls, Array(calls.length).fill(right))
      t.true(calls.length > 0)
    })
  }

  for (const [name, place] of Object.entries(placesOfCalls)) {
    test(`${name} may free the client`, async (t) => {
      await disturb(
        t,
        place,
        (client) => client.free(),
        ({ error }) => error?.code === "freed",
      )
    })
  }
}
