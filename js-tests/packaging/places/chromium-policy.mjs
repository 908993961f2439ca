import { checkPolicies } from "../browsers/policy.mjs"

export default {
  name: "Chromium, content security policy",
  group: "Browsers",
  run: checkPolicies,
}
