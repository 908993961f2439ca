// What commands read: files, standard input, and arguments that are JSON.

import { Buffer } from "node:buffer"
import { createReadStream, statSync } from "node:fs"
import process from "node:process"

import { UsageError } from "./errors.js"

const LINE_FEED = 10

/** Opens a file as a stream; standard input for `-` or nothing. `size` is known of a file. */
export const openInput = (file = "-") => {
  if (file === "-") return { stream: process.stdin, size: undefined }
  try {
    const status = statSync(file)
    if (status.isDirectory()) throw new UsageError("FILE is a folder")
    return { stream: createReadStream(file), size: status.isFile() ? status.size : undefined }
  } catch (/** @type {any} */ error) {
    throw error instanceof UsageError ? error : new UsageError(`Cannot read FILE: ${error.code ?? error.name}`)
  }
}

/** Reads a whole input as bytes. */
export const readAll = async (file) => {
  const chunks = []
  for await (const chunk of openInput(file).stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Reads an argument; standard input where it is `-`. A line feed at its end is not part of it. */
export const readText = async (argument) =>
  argument === "-" ? (await readAll("-")).toString().replace(/\r?\n$/, "") : argument

/** Keeps a number that JavaScript cannot hold, such as an id of 64 bits, as it was written. Not on Node 20. */
const keepDigits = (_key, value, context) => {
  const { rawJSON } = /** @type {any} */ (JSON)
  const isInexact = typeof value === "number" && !Number.isSafeInteger(value)
  return isInexact && rawJSON && context?.source ? rawJSON(context.source) : value
}

/** Parses JSON that is only written again: numbers may be objects that `JSON.stringify` writes. */
export const parseJson = (text) => JSON.parse(text, /** @type {any} */ (keepDigits))

/** Reads an argument that is a JSON object, or an id, which becomes the object's member `name`. */
export const readObject = async (argument, label, name) => {
  const text = await readText(argument)
  if (!text.trimStart().startsWith("{")) return { [name]: text }
  try {
    return parseJson(text)
  } catch {
    throw new UsageError(`${label} is not valid JSON`)
  }
}

/** Reads the answer to a call that publishes. Servers other than Pusher's need not answer with JSON. */
export const readAnswer = (response) => response.json().catch(() => ({}))

/** Gives the lines of a stream of bytes, each with how many bytes have been read up to its end. Lines may be of any length. */
export async function* readLines(stream) {
  let parts = []
  let position = 0
  const makeLine = () => {
    const text = Buffer.concat(parts).toString()
    parts = []
    return { text, position }
  }
  for await (const chunk of stream) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end))
      position += end + 1 - start
      start = end + 1
      yield makeLine()
    }
    if (start === chunk.length) continue
    parts.push(chunk.subarray(start))
    position += chunk.length - start
  }
  if (parts.length > 0) yield makeLine()
}
