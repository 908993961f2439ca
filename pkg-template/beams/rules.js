// What may be asked of Beams (its documentation, "Publish API" and "Customer API"). Where npm `@pusher/push-notifications-server` has a message for
// a mistake, ours has the same words.
import { PusherValidationError } from "pusher-http-wasm"

import { invalidOption } from "../handlers/options.js"
import { hide, isAbsent } from "../values.js"
import { MAX_INTERESTS, MAX_LENGTH, MAX_USERS } from "./limits.js"

const INTEREST = /^[\w\-=@,.;]*$/
/** Letters, digits and hyphens: it becomes a part of the host's name and of the path. */
const INSTANCE_ID = /^[a-z\d-]+$/i
/** What every host sends in a header as it is. The core takes quotes for a slip in a configuration. */
const SECRET_KEY = /^[!#-&(-~]+$/

const INTEREST_HINT = `An interest has 1 to ${MAX_LENGTH} characters out of A-Z a-z 0-9 _ - = @ , . ;`
const USER_ID_HINT = `A user id is a string of 1 to ${MAX_LENGTH} bytes as UTF-8.`
const BODY_HINT = "It must be an object with `apns`, `fcm` or `web`."

const mistake = (message, code, field, hint) => new PusherValidationError(message, code, { field, hint })

/** Shows a value as string concatenation would; its type where that throws. */
const toDisplay = (value) => {
  try {
    return String(value)
  } catch {
    return typeof value
  }
}

const checkText = (name, value) => {
  const hint = "It is in the dashboard of Beams, under Keys."
  if (isAbsent(value)) throw mistake(`"${name}" is required in PushNotifications options`, "missing_option", name, hint)
  if (typeof value !== "string") throw mistake(`"${name}" must be a string`, "invalid_option", name, hint)
}

/** Checks what identifies an instance of Beams. */
export const checkCredentials = ({ instanceId, secretKey }) => {
  checkText("instanceId", instanceId)
  if (!INSTANCE_ID.test(instanceId)) {
    throw invalidOption("instanceId", `it must be letters, digits and hyphens, not '${instanceId}'`)
  }
  checkText("secretKey", secretKey)
  if (!SECRET_KEY.test(secretKey))
    throw invalidOption("secretKey", "it must be visible ASCII characters without quotes")
}

/** Makes the error about options that are none. */
export const missingOptions = () =>
  mistake(
    "PushNotifications options object is required",
    "missing_option",
    "options",
    "Pass `instanceId` and `secretKey`.",
  )

/** Returns a copy of the list of those to publish to: it may be a proxy, which shows something else the next time. */
const copyList = (name, list, max) => {
  const refuse = (message) => mistake(message, "invalid_argument", name, `It must be a list of 1 to ${max} strings.`)
  if (isAbsent(list)) throw refuse(`${name} argument is required`)
  if (!Array.isArray(list)) throw refuse(`${name} argument is must be an array`)
  const copy = [...list]
  if (copy.length === 0) throw refuse("Publish requests must target at least one interest to be delivered")
  if (copy.length > max) throw refuse(`Number of ${name} (${copy.length}) exceeds maximum of ${max}.`)
  return copy
}

const checkInterest = (interest) => {
  const refuse = (message) => mistake(message, "invalid_argument", "interests", INTEREST_HINT)
  if (typeof interest !== "string") throw refuse(`interest ${toDisplay(interest)} is not a string`)
  if (interest === "") throw refuse("interest cannot be the empty string")
  if (interest.length > MAX_LENGTH) {
    throw refuse(`interest ${interest} is longer than the maximum of ${MAX_LENGTH} characters`)
  }
  if (INTEREST.test(interest)) return
  throw refuse(
    `interest "${interest}" contains a forbidden character. Allowed characters are: ASCII upper/lower-case letters, numbers or one of _-=@,.;`,
  )
}

const encoder = new TextEncoder()

const isTooLong = (id) => id.length > MAX_LENGTH || encoder.encode(id).length > MAX_LENGTH

/** Whether a text has a form in UTF-8. (Not by `isWellFormed`, which Node 18 and older browsers have not.) */
const isWellFormed = (text) => {
  try {
    return encodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

/** Checks a user's id. Messages begin with the words that npm has for it at this place. */
const checkId = (id, field, words) => {
  const refuse = (message) => mistake(message, "invalid_user_id", field, USER_ID_HINT)
  if (isAbsent(id) && words.isMissing) throw refuse(words.isMissing)
  if (id === "") throw refuse(`${words.subject} cannot be the empty string`)
  if (typeof id !== "string") throw refuse(words.isNoText(id))
  if (isTooLong(id)) throw refuse(words.isTooLong(id))
  if (!isWellFormed(id)) throw refuse(`${words.subject} is not well-formed Unicode`)
}

const OF_LIST = {
  subject: "user",
  isNoText: (id) => `user ${toDisplay(id)} is not a string`,
  isTooLong: (id) => `user ${id} is longer than the maximum of ${MAX_LENGTH} characters`,
}
const OF_TOKEN = {
  subject: "userId",
  isMissing: "userId argument is required",
  isNoText: () => "userId must be a string",
  isTooLong: () => `userId is longer than the maximum length of ${MAX_LENGTH}`,
}
const OF_PATH = {
  subject: "User ID argument",
  isMissing: "User ID argument is required",
  isNoText: () => "User ID argument must be a string",
  isTooLong: () => "User ID argument is too long",
}

/** Checks the user that a token is for. */
export const checkTokenUser = (id) => checkId(id, "userId", OF_TOKEN)

/** Checks a user whose id becomes a part of a path. */
export const checkPathUser = (id) => {
  checkId(id, "userId", OF_PATH)
  if (id !== "." && id !== "..") return
  // Hosts would take it out of the path, encoded or not, and what is left is another endpoint's.
  throw mistake(`User ID argument cannot be '${id}' in a URL`, "invalid_user_id", "userId")
}

/** What can be published to, by the name of its list in requests. */
const TARGETS = {
  interests: { max: MAX_INTERESTS, check: checkInterest },
  users: { max: MAX_USERS, check: (id) => checkId(id, "users", OF_LIST) },
}

/** Checks what is to be published, and to whom. Returns the body of the request. Runs any caller code (getters, `toJSON`). */
export const publishBody = (name, list, body) => {
  const { max, check } = TARGETS[name]
  const targets = copyList(name, list, max)
  if (isAbsent(body)) throw mistake("publishRequest argument is required", "invalid_argument", "body", BODY_HINT)
  if (typeof body !== "object" || Array.isArray(body)) {
    const type = Array.isArray(body) ? "a list" : `a ${typeof body}`
    throw mistake(`publishRequest argument must be an object, not ${type}`, "invalid_argument", "body", BODY_HINT)
  }
  for (const target of targets) check(target)
  let reason
  try {
    const text = JSON.stringify({ ...body, [name]: targets })
    if (text !== undefined) return text
  } catch (exception) {
    reason = exception
  }
  const error = mistake(
    `The data cannot be serialised as JSON: ${toDisplay(reason?.message ?? reason)}`,
    "invalid_data",
    "body",
  )
  if (reason !== undefined) hide(error, "cause", reason)
  throw error
}
