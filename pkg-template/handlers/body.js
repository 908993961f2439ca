// Bodies of requests: no more of one is read than its endpoint allows.

import { getOption } from "../values.js"
import { Refusal } from "./endpoint.js"
import { MAX_PARAMS_BYTES } from "./limits.js"

/** Reads a body of at most `limit` bytes. More is refused as soon as that is known. */
export const readBytes = async (request, limit) => {
  if (request.bodyUsed) throw new Error("The request's body was read before: pass the request first, or a clone of it")
  const check = (size) => {
    if (size > limit) throw new Refusal(413, `The body has more than ${limit} bytes`)
  }
  check(Number(request.headers.get("content-length")))
  // Firefox has no stream here, and so what stands on `Object.prototype` would be taken.
  const body = getOption(request, "body")
  if (body === undefined) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    check(bytes.length)
    return bytes
  }
  const chunks = []
  let size = 0
  const reader = body?.getReader()
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) break
      size += value.length
      check(size)
      chunks.push(value)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw new Refusal(400, "The body could not be read")
    reader.cancel().catch(() => {})
    throw error
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true })

/**
 * Reads the parameters of a form or of a JSON object: `{ name: value }`, a list where a form has a name more than once. The object has no
 * prototype, so that no name is special.
 */
export const readParams = async (request) => {
  // Not split by an expression that takes spaces, too: many of them would take it long.
  const given = (request.headers.get("content-type") ?? "").toLowerCase().split(";")
  const [type, ...attributes] = given.map((part) => part.trim())
  const isForm = type === "application/x-www-form-urlencoded"
  const isUtf8 = attributes.every((attribute) => !/^charset=(?!"?utf-?8"?$)/.test(attribute))
  if (!(isForm || type === "application/json") || !isUtf8) {
    throw new Refusal(415, "The body must be application/x-www-form-urlencoded or application/json, in UTF-8")
  }
  const text = textOf(await readBytes(request, MAX_PARAMS_BYTES))
  const params = Object.create(null)
  if (!isForm) return Object.assign(params, parseObject(text))
  for (const [name, value] of new URLSearchParams(text)) {
    const earlier = params[name]
    if (Array.isArray(earlier)) earlier.push(value)
    else params[name] = name in params ? [earlier, value] : value
  }
  return params
}

const textOf = (bytes) => {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refusal(400, "The body is not UTF-8")
  }
}

const parseObject = (text) => {
  let value
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(400, "The body is not JSON")
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value
  throw new Refusal(400, "The body must be a JSON object")
}

/** Returns a parameter that must be one string. */
export const readParam = (params, name) => {
  const value = params[name]
  if (typeof value === "string") return value
  if (value === undefined) throw new Refusal(400, `\`${name}\` is missing`)
  throw new Refusal(400, `\`${name}\` must be one string`)
}
