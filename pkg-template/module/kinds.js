// The kinds in headers of frames (frame.js). Only constants, and no imports: so the build writes the numbers where the names are.

// The kinds of fields.
export const TEXT = 0
export const BYTES = 1
export const ABSENT = 2
export const FAILED = 3
export const KIND_BITS = 3

// The kinds of answers.
export const SECRET = 1
export const ERROR = 2
export const FAILURE = 3
