// Numbers that bound what the library does. Only constants, and no imports: so the build writes the numbers where the names are, which saves
// 0.06 KB of brotli.

/**
 * The longest string that is taken into the module, and the most that all strings of a call may have together, in UTF-16 code units. Far above
 * every server's limit, and far below what could exhaust the module's memory, which would be a trap.
 */
export const MAX_TEXT = 2 ** 25
/** The most that all fields of a call may have together, in bytes: the longest text, and some short ones. */
export const MAX_FRAME = MAX_TEXT * 3 + 2 ** 21
/** Room that there is for frames from the start, in bytes. */
export const USUAL_FRAME = 2 ** 16
/** Text above this is encoded before there is room for it, in UTF-16 code units. */
export const LONG_TEXT = 2 ** 14
/** Bytes of the module's stack, which is at address 0 (tools/build.mjs: `-zstack-size`). */
export const STACK = 2 ** 14
/** Bytes of memory that an instance may have when it is used again. */
export const MOST_KEPT = 2 ** 23

/** How long a call may take in all, in milliseconds, if nothing is said. */
export const DEADLINE = 30_000
/** The most that the module takes as a number, and that timers can wait for, in milliseconds. */
export const MOST = 2 ** 31 - 1

/** Bytes of a nonce. */
export const NONCE_BYTES = 24
/** Nonces of which random bytes are drawn at once. */
export const NONCES_AT_ONCE = 32
/** How long random bytes may lie in the pool, in milliseconds: a process that is cloned with them would use them twice. */
export const MAX_POOL_AGE = 10

/** Bytes that a published request may have by default, and that published events may have that are held. */
export const MEGABYTE = 2 ** 20
/** Published events that are held and looked at together beyond those of a batch, so that they can be packed well. */
export const HELD_BESIDE_BATCH = 20
/** Failed events after which the host's timers get a turn. Where no request is sent, an abort by a timer would never come through otherwise. */
export const FAILURES_AT_ONCE = 500
/** Turns of the host's queue in which a published event still arrives that was on its way. */
export const TURNS = 10
/** Bytes of a sealed event's JSON besides its ciphertext, which has 16 more than its text and 4 characters for 3 of these. */
export const AROUND_SEALED = 60

/** Characters of a server's or a host's text that are shown. */
export const MAX_SHOWN = 8192
/** Causes of an error that are copied: hosts put their words into the cause of a cause. */
export const MAX_DEPTH = 5
