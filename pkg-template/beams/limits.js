// The numbers of Beams. Only constants, and no imports: so the build writes the numbers where the names are.

/** Interests of one request. */
export const MAX_INTERESTS = 100
/** Users of one request. */
export const MAX_USERS = 1000
/** Characters of an interest, and bytes of a user's id as UTF-8. */
export const MAX_LENGTH = 164
/** Seconds for which a token is valid: a day. */
export const LIFETIME = 86_400
