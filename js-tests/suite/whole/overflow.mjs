// A stack that overflows inside the library: in its JavaScript, in the module's frames, in the module's allocator, or while an answer is
// read. A web framework catches that and goes on, and so must the library, although the engine runs no destructor of the module's.
// Source: "a stack overflow inside a call" in found.md.
import { docs } from "../support.mjs"
import { hmac, keepRequests, readRequest, watchForgottenRejections } from "./host.mjs"
import { canonical, codeOrResult, fixedOptions, oldClient, sealed, wordsOf, wrongAnswers } from "./known-answers.mjs"
import { callNearLimit, enough } from "./near-limit.mjs"
import { freeWorld, makeWorld, operations } from "./operations.mjs"

/**
 * How many values more lie on the stack. Each is 8 bytes, and each frame of `callNearLimit` about 100. Fewer where the suite runs once more,
 * in a place, and on Bun, where each instance that is made that deep takes 10 ms: its collector reads the whole stack.
 */
const makeOffsets = (isThorough) =>
  Array.from({ length: isThorough && !globalThis.Bun ? 14 : 2 }, (_, offset) => offset)
/** Runs with so many values more on the stack. */
const withOffset = (offset, run) => {
  const padded = (..._padding) => {
    // Not returned at once: JavaScriptCore would give this frame up for the next.
    const result = run()
    return result
  }
  return padded(...new Array(offset).fill(0))
}

/** How long a call waits by default, in milliseconds. */
const TIMEOUT = 10_000

/** Whether the engine says that there is no more room, or the library, that it could not go on for that reason. */
const isOverflow = (error, depth = 0) =>
  /call stack|too much recursion|stack overflow/i.test(error?.message) ||
  (depth < 3 && error?.cause && isOverflow(error.cause, depth + 1))

/** What promises come to. */
const settle = (values) =>
  Promise.all(
    values.map((value) =>
      Promise.resolve(value).then(
        (value) => ({ value }),
        (error) => ({ error }),
      ),
    ),
  )

/** Each value once: a broken module gives hundreds of the same. */
const distinct = (values) => [...new Map(values.map((value) => [canonical(value), value])).values()]

/**
 * Makes a test that has a timer as long as a call's timeout. Otherwise Node 26 may lose other timers for good, those of 1 ms: it makes a list for
 * each duration, and the overflow may interrupt how it puts a new one into their order.
 */
const withTimer = (run) => async (t) => {
  const timer = setInterval(() => {}, TIMEOUT)
  try {
    await run(t)
  } finally {
    clearInterval(timer)
  }
}

/** Runs an operation near the end of the stack. Resolves to the number of overflows, and to the wrong outcomes. */
const overflowDuring = async (Pusher, operation, offset) => {
  const { call, read = (value) => value, answer, orElse = [], request } = operation
  const right = typeof answer === "function" ? await answer() : answer
  const world = makeWorld(Pusher)
  const { returned, thrown } = withOffset(offset, () => callNearLimit(() => call(world, Pusher)))
  // A call with the whole stack again is right, whatever the same objects have been through.
  const outcomes = [...(await settle(returned)), ...thrown.map((error) => ({ error }))]
  const [last] = await settle([new Promise((resolve) => resolve(call(world, Pusher)))])
  const wrong = []
  let overflows = 0
  for (const outcome of [...outcomes, last]) {
    const allowed = outcome === last ? [right] : [right, ...orElse]
    if ("error" in outcome) {
      const words = wordsOf(outcome.error)
      if (outcome !== last && isOverflow(outcome.error)) overflows++
      else if (!allowed.some((start) => words.startsWith(start))) wrong.push({ threw: words })
    } else {
      const value = codeOrResult(() => read(outcome.value))
      if (!allowed.some((one) => canonical(one) === canonical(value))) wrong.push({ answered: value, right })
    }
  }
  for (const sent of distinct(world.requests)) {
    const found = await readRequest(sent)
    if (canonical(found) !== canonical(request)) wrong.push({ sent: found, right: request })
  }
  for (const words of freeWorld(world)) wrong.push({ freeingThrew: words })
  return { overflows, wrong: distinct(wrong) }
}

export default ({ test }, { default: Pusher }, { isThorough }) => {
  const offsets = makeOffsets(isThorough)
  const old = oldClient(Pusher)
  const where = (offset) => `with ${offset} values more on the stack`

  for (const [name, operation] of Object.entries(operations)) {
    test(
      `during ${name}`,
      withTimer(async (t) => {
        const forgotten = watchForgottenRejections()
        let overflows = 0
        for (const offset of offsets) {
          const during = await overflowDuring(Pusher, operation, offset)
          const after = await wrongAnswers(Pusher, old)
          t.deepEqual({ during: during.wrong, after }, { during: [], after: [] }, where(offset))
          overflows += during.overflows
          if (during.wrong.length + after.length > 0) break
        }
        t.true(overflows > 0, `the stack did overflow, ${overflows} times`)
        t.deepEqual(await forgotten.stop(), [], "no promise was rejected that nobody has")
      }),
    )
  }

  /** A token that holds something of the module's, which it does once it has signed. */
  const usedToken = () => {
    const token = new Pusher.Token(docs.key, docs.secret)
    token.sign("")
    return token
  }
  const signers = {
    Pusher: [() => new Pusher(docs), (pusher) => pusher.authorizeChannel("1.1", "private-a").auth.slice(-64)],
    Token: [() => usedToken(), (token) => token.sign("1.1:private-a")],
  }
  for (const [name, [make, sign]] of Object.entries(signers)) {
    test(`during free of a ${name}, which then is freed, or can be used and freed`, async (t) => {
      const signature = await hmac(docs.secret, "1.1:private-a")
      const states = [signature, "freed"]
      for (const offset of offsets) {
        // More than it takes until there is room again; if there were too few, the call would throw something else.
        const things = Array.from({ length: 200 }, make)
        let next = 0
        const { thrown } = withOffset(offset, () => callNearLimit(() => things[next++].free()))
        // None at all where an engine makes one function of it with the caller's.
        const wrong = thrown.filter((error) => !isOverflow(error)).map((error) => ({ threw: wordsOf(error) }))
        for (const thing of things) {
          const state = codeOrResult(() => sign(thing))
          if (!states.includes(state)) wrong.push({ state })
          const freeing = codeOrResult(() => thing.free())
          if (freeing !== undefined) wrong.push({ freeingThrew: freeing })
          const after = codeOrResult(() => sign(thing))
          if (after !== "freed") wrong.push({ afterFreeing: after })
        }
        const found = { during: distinct(wrong), after: await wrongAnswers(Pusher, old) }
        t.deepEqual(found, { during: [], after: [] }, where(offset))
        if (found.during.length + found.after.length > 0) break
      }
    })
  }

  test(
    "no nonce is used twice",
    withTimer(async (t) => {
      const { requests, fetch } = keepRequests()
      // The host's randomness: the library may draw for several events at once.
      const pusher = new Pusher({ ...fixedOptions, randomBytes: undefined, fetch })
      const trigger = () => pusher.trigger(sealed.channel, "event", sealed.opened)
      let overflows = 0
      for (const offset of offsets) {
        // How many of these calls have room to send depends on the engine. The calls after them have the whole stack, and draw from the same
        // random bytes.
        const { returned, thrown } = withOffset(offset, () => callNearLimit(trigger))
        const outcomes = [...(await settle(returned)), ...thrown.map((error) => ({ error }))]
        overflows += outcomes.filter(({ error }) => error && isOverflow(error)).length
        for (let calls = 0; calls < enough; calls++) await trigger()
      }
      t.true(overflows > 0, `the stack did overflow, ${overflows} times`)
      const nonces = requests.map(({ body }) => JSON.parse(JSON.parse(body).data).nonce)
      t.deepEqual({ nonces: new Set(nonces).size }, { nonces: requests.length })
      t.true(nonces.length >= offsets.length * enough, `${nonces.length} nonces`)
    }),
  )

  test("is told from a fault of the value, in the words of each engine", (t) => {
    // The last is V8's where there is no room to compile a regular expression.
    for (const message of [
      "Maximum call stack size exceeded",
      "too much recursion",
      "Invalid regular expression: /a/: Stack overflow",
    ]) {
      const parse = () => {
        throw new Error(message)
      }
      const pusher = new Pusher({ ...fixedOptions, json: { parse, stringify: JSON.stringify } })
      t.throws(
        () => pusher.decrypt(sealed.channel, sealed.data),
        (error) => error.message === message,
        message,
      )
    }
  })

  test("while the module's memory grows", async (t) => {
    const step = 24 * 1024
    const text = "x".repeat(6 * 2 ** 20)
    const token = new Pusher.Token(docs.key, docs.secret)
    let size = 0
    for (const offset of offsets.slice(0, 3)) {
      const { returned, thrown } = withOffset(offset, () =>
        callNearLimit(() => {
          size = Math.min(size + step, text.length)
          return { size, signature: token.sign(text.slice(0, size)) }
        }),
      )
      const wrong = thrown.filter((error) => !isOverflow(error)).map((error) => ({ threw: wordsOf(error) }))
      for (const { size, signature } of returned) {
        const right = await hmac(docs.secret, text.slice(0, size))
        if (signature !== right) wrong.push({ size, signature, right })
      }
      const found = { during: distinct(wrong), after: await wrongAnswers(Pusher, old) }
      t.deepEqual(found, { during: [], after: [] }, where(offset))
      if (found.during.length + found.after.length > 0) break
    }
  })
}
