import { suiteIn } from "../browsers/suite.mjs"

export default {
  name: "Chromium, service worker",
  group: "Browsers",
  run: (context) => suiteIn("service-worker", context),
}
