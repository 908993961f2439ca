// The module's client, which the classes `Pusher` and `Token` build upon: its methods by their numbers, and what becomes of its answers.
import { Client, failed } from "#glue"
import { takeThrown } from "#errors"
import { readAnswer } from "#values"

// The numbers are those of src/wasm/client.rs.
export const AUTHORIZE = 0
export const AUTHENTICATE = 1
export const SIGN_QUERY = 2
export const SHARED_SECRET = 3
export const DECRYPT = 4
export const DESCRIBE = 5
export const SIGN = 6
export const VERIFY = 7
export const CHANNELS = 8
export const CHANNEL = 9
export const CHANNEL_USERS = 10
export const TERMINATE = 11
export const SEND_TO_USER = 12
export const TRIGGER = 13
export const BATCH = 14
export const GET = 15
export const POST = 16
/** Added to the number of a request: only what is wrong with it is asked for. */
export const CHECK = 32

const { answer: ask, send: sendBy, free } = Client.prototype
delete Client.prototype.answer
delete Client.prototype.send

/** What the method answers to the frame that has been written, a text, or `undefined` for none; what it leaves to be thrown, is thrown. */
export const answer = (client, method, time = 0) => {
  const length = ask.call(client, method, time)
  if (length >= 0) return readAnswer(length)
  takeThrown()
}

/** The promise of the request that the frame asks for. */
export const send = (client, method, time, settings, options) => {
  const promise = sendBy.call(client, method, time, settings, options)
  takeThrown()
  return promise.catch(failed)
}

/** Whether the method has an answer. */
export const agrees = (client, method) => ask.call(client, method, 0) >= 0

/** Of a client just made: what is wrong with what it was made of, is thrown. */
export const checked = (client) => {
  try {
    takeThrown()
  } catch (error) {
    free.call(client)
    throw error
  }
}
