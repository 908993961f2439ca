import { runInFirefox } from "../browsers/firefox.mjs"

export default {
  name: "Firefox, page",
  group: "Browsers",
  run: (context) => runInFirefox("page", context),
}
