/** Returns a socket id, in the form that Channels gives to connections. */
export const makeSocketId = () => {
  const part = () => 1 + Math.floor(Math.random() * 999_999_999)
  return `${part()}.${part()}`
}
