import { runSuiteIn } from "../browsers/suite.mjs"

export default {
  name: "Chromium, page",
  group: "Browsers",
  run: (context) => runSuiteIn("page", context),
}
