// The matchers of jest and vitest, such as `expect.any(Number)`, by the protocol that the two have in common.

/** @param {any} value */
export const isMatcher = (value) => typeof value?.asymmetricMatch === "function"

/** Returns what JSON shows in a matcher's place. @param {any} matcher */
export const describeMatcher = (matcher) => matcher.toAsymmetricMatcher?.() ?? { [String(matcher)]: matcher.sample }
