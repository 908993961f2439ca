import { runInFirefox } from "../browsers/firefox.mjs"

export default {
  name: "Firefox, service worker",
  group: "Browsers",
  run: (context) => runInFirefox("service-worker", context),
}
