import { isAuthValid, makeUserStringToSign } from "./signature.js"

/**
 * Signs the connection in as a user.
 *
 * @param {import("./users.js").Connection} connection
 * @param {{ auth?: unknown, user_data?: unknown }} request `user_data` is the JSON string that was signed
 */
export function signIn(connection, { auth, user_data: userData }) {
  const { app, socketId } = connection
  if (typeof userData !== "string" || !isAuthValid(app, auth, makeUserStringToSign(socketId, userData))) {
    connection.fail(4009, "Connection not authorized: invalid sign-in signature")
    return
  }
  const user = parseUser(userData, app.limits)
  if (user === undefined) {
    connection.fail(4009, "Connection not authorized: user_data needs a non-empty string id")
    return
  }
  if (user.watchlist.length > app.limits.watchlistLength) {
    connection.fail(4302, `The watchlist is over ${app.limits.watchlistLength} users`)
    return
  }
  if (connection.user) app.users.remove(connection)
  connection.user = user
  connection.sendData("pusher:signin_success", { user_data: userData })
  app.users.add(connection)
}

function parseUser(userData, limits) {
  let data
  try {
    data = JSON.parse(userData)
  } catch {
    return undefined
  }
  const id = data?.id
  if (typeof id !== "string" || id === "" || id.length > limits.userIdLength) return undefined
  const watchlist = Array.isArray(data.watchlist) ? data.watchlist.filter((other) => typeof other === "string") : []
  return { id, info: data.user_info, watchlist }
}
