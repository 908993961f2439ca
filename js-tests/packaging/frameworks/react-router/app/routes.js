import { index, route } from "@react-router/dev/routes"

import recipe from "./recipe.js"

export default [
  ...recipe,
  index("routes/home.jsx"),
  route("auth", "routes/auth.js"),
  route("trigger", "routes/trigger.js"),
  route("webhook", "routes/webhook.js"),
  route("channel-auth", "routes/channel-auth.js"),
  route("user-auth", "routes/user-auth.js"),
  route("webhooks", "routes/webhooks.js"),
]
