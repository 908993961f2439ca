// The table of commands, in the order of the help.
import { auth } from "./auth.js"
import { channel, channels, users } from "./channels.js"
import { completion } from "./completion.js"
import { doctor } from "./doctor.js"
import { listen } from "./listen.js"
import { publish } from "./publish.js"
import { serve } from "./serve.js"
import { sign } from "./sign.js"
import { terminate } from "./terminate.js"
import { trigger } from "./trigger.js"
import { userAuth } from "./user-auth.js"
import { verifyWebhook } from "./verify-webhook.js"

/** @type {import("../arguments.js").Command[]} */
export const commands = [
  trigger,
  publish,
  channels,
  channel,
  users,
  terminate,
  auth,
  userAuth,
  sign,
  verifyWebhook,
  listen,
  serve,
  doctor,
  completion,
]
