// One step, done over and over in a runtime that has done nothing else: nothing hides in memory that another step has let go of.
import { collect, leaveToRuntime } from "./collect.mjs"
import { held, packageIsThere } from "./spy.mjs"
import { steps } from "./steps.mjs"

const portions = 20

/**
 * Posts what is held after each portion to `counter`. `share` of the step's count is done; `natural` leaves it to the runtime when to
 * collect, and keeps nothing.
 */
export const endure = async (Pusher, { counter, step, share, natural }) => {
  packageIsThere()
  const { count, together, leaks = [], most, prepare } = steps[step]
  const once = prepare(Pusher)
  const rest = natural ? leaveToRuntime : collect
  let round = 0
  const some = async (times) => {
    const given = []
    for (let time = 0; time < times; time++) {
      const outcome = await once(round++)
      if (!natural) given.push(outcome)
    }
    // Emptied by hand: a collector that looks for references on the stack may well find one to the list.
    given.length = 0
  }

  // The mark that nothing may rise above later on: a tenth more than there will be at once, as such a collector may keep some.
  await some(Math.ceil(together * 1.1))
  await rest(0)
  const { objects } = held()
  // A leak that is made is as large as it has to be to be seen, and a bound is come up to.
  const isWhole = leaks.length > 0 || most !== undefined
  const portion = Math.ceil((count * (isWhole ? 1 : share)) / portions)
  for (let done = portion; done <= portion * portions; done += portion) {
    for (let left = portion; left > 0; left -= together) {
      await some(Math.min(left, together))
      await rest(objects)
    }
    const response = await fetch(counter, { method: "POST", body: JSON.stringify({ leaks, done, ...held() }) })
    await response.text()
  }
}
