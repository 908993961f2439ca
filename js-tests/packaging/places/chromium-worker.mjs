import { runSuiteIn } from "../browsers/suite.mjs"

export default {
  name: "Chromium, module worker",
  group: "Browsers",
  run: (context) => runSuiteIn("worker", context),
}
