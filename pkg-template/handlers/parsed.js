/**
 * The mark of a request whose body a parser has read, and the subpath `/node` has written anew: a signature of the original bytes cannot be
 * checked any more. Known by its name, because each subpath has a bundle of its own.
 */
export const PARSED = Symbol.for("pusher-http-wasm.parsed")
