// A client that does nothing: what a Worker spends without one.
export class Nothing {
  authorizeChannel() {
    return {}
  }

  async trigger() {
    return "{}"
  }
}
