import { ApiError } from "./api-error.js"

/** Decodes a segment of a path. @param {string} segment @returns {string} @throws {ApiError} */
export function decodeSegment(segment) {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new ApiError(400, "The path is not percent-encoded UTF-8")
  }
}
