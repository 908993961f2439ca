// Checks of what a test passes: a mistake is told at once, with what is allowed.
import { describeMatcher, isMatcher } from "./matcher.js"

/** @typedef {[isValid: (value: any) => boolean, rule: string, isSecret?: boolean]} Rule a secret is never shown */

/** Makes a rule. @param {(value: any) => boolean} isValid @param {string} words @param {boolean} [isSecret] @returns {Rule} */
export const makeRule = (isValid, words, isSecret) => [isValid, words, isSecret]

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value)

export const RULES = {
  text: makeRule((value) => typeof value === "string" && value !== "", "a non-empty string"),
  secret: makeRule((value) => typeof value === "string" && value !== "", "a non-empty string", true),
  texts: makeRule(
    (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
    "a list of strings",
  ),
  flag: makeRule((value) => typeof value === "boolean", "true or false"),
  count: makeRule((value) => Number.isInteger(value) && value >= 0, "a whole number, 0 or more"),
  object: makeRule(isObject, "an object"),
  fn: makeRule((value) => typeof value === "function", "a function"),
  any: makeRule(() => true, ""),
}

/**
 * Checks that a value is an object with no other members than these, each by its rule or left out.
 *
 * @param {string} where what takes the value, for the error's message
 * @param {any} value
 * @param {Record<string, Rule>} rules by the members' names
 */
export const checkMembers = (where, value, rules) => {
  if (!isObject(value)) throw new TypeError(`${where} takes an object, not ${show(value)}`)
  const names = Object.keys(rules)
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(`${where} has no ${name}; it takes ${names.join(", ")}`)
    if (given !== undefined) checkValue(`${where}: ${name}`, given, rules[name])
  }
}

/** Checks one value. @param {string} what @param {any} value @param {Rule} rule */
export const checkValue = (what, value, [isValid, rule, isSecret]) => {
  if (!isValid(value)) throw new TypeError(`${what} must be ${rule}${isSecret ? "" : `, not ${show(value)}`}`)
}

/** Returns a value as a message shows it. @param {any} value @param {number} [maxLength] */
export const show = (value, maxLength = 80) => {
  let text
  try {
    const replace = (_, member) => (isMatcher(member) ? describeMatcher(member) : member)
    text = typeof value === "function" ? "a function" : JSON.stringify(value, replace)
  } catch {
    // What JSON cannot hold may have no text either: a list of symbols, or an object without a prototype.
    text = Array.isArray(value) ? "a list" : isObject(value) ? "an object" : undefined
  }
  text ??= String(value)
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}
