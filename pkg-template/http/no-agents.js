// In place of node-http.js where an `http.Agent` is of no use: Workers and edge runtimes have no connections of the program's own.

/** Makes nothing: see node-http.js. */
export const fetchWithAgent = () => undefined
