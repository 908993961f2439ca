// Runs the garbage collector at a chosen moment: whatever remains afterwards is still referenced, rather than not collected yet.
import { held } from "./spy.mjs"

/** In V8 it is there where `--expose-gc` is. */
const gc = globalThis.Bun ? () => Bun.gc(true) : globalThis.gc

/** Two, as what a finalizer lets go of is garbage only after it; more, as nobody says in which turn of the event loop finalizers run. */
const [fewest, most] = [2, 20]

const turn = () => new Promise((resolve) => setTimeout(resolve))

/** Collects until no more than so many objects are left, or it is plain that they stay. */
export const collect = async (objects) => {
  if (gc === undefined) throw new Error("this runtime does not collect when it is told to: start it with --expose-gc")
  for (let times = 0; times < most && (times < fewest || held().objects > objects); times++) {
    gc()
    await turn()
  }
}

/** Leaves it to the runtime when to collect. */
export const leaveToRuntime = turn
