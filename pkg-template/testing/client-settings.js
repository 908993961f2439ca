// How clients reach a server: options of the library and of pusher-js, and environment variables.

/**
 * Returns the variables of `Pusher.fromEnv`.
 *
 * @param {{ id: string, key: string, secret: string }} app
 * @param {string} url where its API is, up to the path `/apps`
 * @returns {{ PUSHER_URL: string }}
 */
export const makeEnv = ({ id, key, secret }, url) => {
  const [credentials, appId] = [[key, secret].map(encodeURIComponent).join(":"), encodeURIComponent(id)]
  return { PUSHER_URL: `${url.replace("//", `//${credentials}@`)}/apps/${appId}` }
}

/**
 * Returns how clients of a server on this machine are made.
 *
 * @param {{ id: string, key: string, secret: string }} app
 * @param {{ host: string, port: number, url: string, pathPrefix: string, signPathPrefix: boolean }} place
 */
export const makeClientSettings = (app, { host, port, url, pathPrefix, signPathPrefix }) => {
  const { id: appId, key, secret } = app
  const prefix = pathPrefix === "" ? {} : { pathPrefix, signPathPrefix }
  return {
    options: { appId, key, secret, host, port, useTLS: false, ...prefix },
    pusherJsOptions: {
      cluster: "local",
      wsHost: host,
      wsPort: port,
      wsPath: pathPrefix,
      forceTLS: false,
      enabledTransports: ["ws"],
    },
    env: makeEnv(app, `${url}${pathPrefix}`),
  }
}
