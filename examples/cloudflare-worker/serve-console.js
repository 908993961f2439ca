// Serves the page, all of it from this Worker. A rule in wrangler.jsonc imports its files as text.
import pusherJs from "pusher-js/dist/web/pusher-with-encryption.min.js"

import channel from "./console/channel.js"
import connection from "./console/connection.js"
import dom from "./console/dom.js"
import page from "./console/index.html"
import log from "./console/log.js"
import main from "./console/main.js"
import mistakes from "./console/mistakes.js"
import person from "./console/person.js"
import secondWindow from "./console/second-window.js"
import style from "./console/style.css"
import thousand from "./console/thousand.js"
import trigger from "./console/trigger.js"
import users from "./console/users.js"
import webhooks from "./console/webhooks.js"
import workerCalls from "./console/worker-calls.js"
import { readSettings } from "./settings.js"

const files = {
  "/": ["text/html", page],
  "/pusher.js": ["text/javascript", pusherJs],
  "/console/style.css": ["text/css", style],
  ...Object.fromEntries(
    Object.entries({
      channel,
      connection,
      dom,
      log,
      main,
      mistakes,
      person,
      "second-window": secondWindow,
      thousand,
      trigger,
      users,
      webhooks,
      "worker-calls": workerCalls,
    }).map(([name, text]) => [`/console/${name}.js`, ["text/javascript", text]]),
  ),
}

/** Returns a file of the page, or `undefined` if the request is for something else. */
export function serveConsole({ method, url }, env) {
  const { pathname } = new URL(url)
  if (method !== "GET" || !Object.hasOwn(files, pathname)) return undefined
  const [type, text] = files[pathname]
  const headers = { "content-type": `${type}; charset=utf-8`, "x-content-type-options": "nosniff" }
  if (pathname === "/") headers["content-security-policy"] = makePolicy(env)
  return new Response(text, { headers })
}

/** Makes a policy under which the page loads from this Worker alone, and connects only to it and the Channels server. */
function makePolicy(env) {
  const { wsHost, wsPort, wssPort } = readSettings(env).options
  const server = wsHost
    ? `ws://${wsHost}:${wsPort} wss://${wsHost}:${wssPort}`
    : "wss://*.pusher.com https://*.pusher.com"
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    `connect-src 'self' ${server}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ")
}
