/** The message says it all: where in the code it came up is of no interest. */
export class DemoError extends Error {}

/** Thrown through everything when the user ends the demo. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted")
  }
}
