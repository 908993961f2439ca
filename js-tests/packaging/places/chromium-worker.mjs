import { suiteIn } from "../browsers/suite.mjs"

export default {
  name: "Chromium, module worker",
  group: "Browsers",
  run: (context) => suiteIn("worker", context),
}
