/** An answer other than 200: the service sends its errors as plain text. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message the response body, without the newline
   */
  constructor(status, message) {
    super(message)
    this.name = "ApiError"
    this.status = status
  }
}
