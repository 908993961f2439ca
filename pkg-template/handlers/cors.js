// Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol): off unless the option `cors` says whose are allowed.
import { checkFlag, checkMembers, invalidOption } from "./options.js"

/** A header's name: an HTTP token. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

const isOrigin = (value) => {
  try {
    const { origin, protocol, host } = new URL(value)
    // `URL` tells none of apps and extensions, whose schemes are their own.
    return !value.includes("*") && value === (origin === "null" ? `${protocol}//${host}` : origin)
  } catch {
    return false
  }
}

/** Reads the option `cors`. Returns `undefined` where there is none. */
export const readCors = (cors) => {
  if (cors === undefined) return undefined
  const {
    origins,
    credentials,
    headers = [],
    maxAge,
  } = checkMembers("cors", cors, ["origins", "credentials", "headers", "maxAge"])
  checkFlag("cors.credentials", credentials)
  const isList = Array.isArray(origins) && origins.length > 0
  if (origins !== "*" && typeof origins !== "function" && !(isList && origins.every(isOrigin))) {
    throw invalidOption(
      "cors.origins",
      'it must be a list of origins such as "https://example.com" (without a path), "*", or a function',
    )
  }
  if (origins === "*" && credentials) {
    throw invalidOption("cors.credentials", "browsers send none to an endpoint for all origins: name the origins")
  }
  if (!Array.isArray(headers) || !headers.every((name) => typeof name === "string" && TOKEN.test(name))) {
    throw invalidOption("cors.headers", "it must be a list of names of headers")
  }
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0)) {
    throw invalidOption("cors.maxAge", "it must be a whole number of seconds, 0 or more")
  }
  return { origins, credentials, headers: ["content-type", ...headers].join(", "), maxAge }
}

/** Returns the headers of an answer: those that let the page of the request's origin read it, if it may. */
export const corsHeaders = async ({ origins, credentials, headers, maxAge }, request, method, isPreflight) => {
  // Also without an origin: a cache must not give this answer to a page.
  const common = origins === "*" ? {} : { vary: "Origin" }
  const origin = request.headers.get("origin")
  if (origin === null || !(await isAllowed(origins, origin))) return common
  return {
    ...common,
    "access-control-allow-origin": origins === "*" ? "*" : origin,
    ...(credentials && { "access-control-allow-credentials": "true" }),
    ...(isPreflight && { "access-control-allow-methods": method, "access-control-allow-headers": headers }),
    ...(isPreflight && maxAge !== undefined && { "access-control-max-age": String(maxAge) }),
  }
}

const isAllowed = async (origins, origin) => {
  if (typeof origins === "function") return (await origins(origin)) === true
  return origins === "*" || origins.includes(origin)
}
