import { policies } from "../browsers/policy.mjs"

export default {
  name: "Chromium, content security policy",
  group: "Browsers",
  run: policies,
}
