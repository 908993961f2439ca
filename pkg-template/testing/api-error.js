/** An answer other than 200. The server's manners say in which form it is sent. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {object} [answer] the body, of servers that answer this error with one of its own
   */
  constructor(status, message, answer) {
    super(message)
    this.name = "ApiError"
    this.status = status
    this.answer = answer
  }
}
