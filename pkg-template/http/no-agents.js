// In place of node-http.js on Workers and edge runtimes, which have no connections of the program's own, and do not tell whether one was made.

/** Makes nothing: see node-http.js. */
export const fetchWithAgent = () => undefined

/** Sends a body as it is: see host-body.js. */
export const hostBody = (body) => body

/** Takes what is unclear for a connection that was made: see connection.js. */
export const isUnconnected = () => false
