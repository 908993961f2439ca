// The end of what holds the module's memory.
import { PusherError } from "#errors"

/**
 * What was freed says so, instead of failing somewhere inside; freeing it again, as `using` may, is no mistake. `own` throws for what is
 * none of this copy's: that points into another memory.
 */
export const freeable = (type, own) => {
  const { prototype } = type
  const { free } = prototype
  const freed = {
    get() {
      throw new PusherError(`This ${type.name} has been freed: make a new one`, "freed")
    },
  }
  const freeOnce = function () {
    own(this)
    if (Object.getOwnPropertyDescriptor(this, "__wbg_ptr")?.get === freed.get) return
    free.call(this)
    Object.defineProperty(this, "__wbg_ptr", freed)
  }
  for (const name of ["free", Symbol.dispose]) {
    if (name) Object.defineProperty(prototype, name, { value: freeOnce, writable: true, configurable: true })
  }
}
