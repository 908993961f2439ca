// Whether a failed attempt had a connection at all.
import { getOption, isObject } from "../values.js"

/**
 * How hosts say that no connection was made, so that the server can have taken nothing: by codes of Node, Bun and undici, and in the words of
 * Node, Deno and Node's TLS. (workerd has none.) Codes that are also seen after the request was sent are not among them: `EHOSTUNREACH`
 * (`read EHOSTUNREACH`), and those of TLS. js-tests/suite/repetition.mjs has all of them from real failures.
 */
const NO_CONNECTION =
  /^(ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$|^connect E|: client error \(Connect\)|before secure TLS connection/

/** Tells whether no connection was made; of a copy of the host's error, or `undefined`. */
export const isUnconnected = (copy) =>
  isObject(copy) &&
  (NO_CONNECTION.test(copy.code) || NO_CONNECTION.test(copy.message) || isUnconnected(getOption(copy, "cause")))
