/** An error whose message suffices; the demo prints it without a stack. */
export class DemoError extends Error {}

/** Thrown when the user ends the demo. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted")
  }
}
