import { runSuiteIn } from "../browsers/suite.mjs"

export default {
  name: "Chromium, service worker",
  group: "Browsers",
  run: (context) => runSuiteIn("service-worker", context),
}
