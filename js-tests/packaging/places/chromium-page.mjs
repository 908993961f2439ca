import { suiteIn } from "../browsers/suite.mjs"

export default {
  name: "Chromium, page",
  group: "Browsers",
  run: (context) => suiteIn("page", context),
}
