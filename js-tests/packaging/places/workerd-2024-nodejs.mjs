import { makeWorkerdPlace } from "../runtimes/workerd.mjs"

export default makeWorkerdPlace("workerd-2024-nodejs", "workerd, compatibility date of 2024, with nodejs_compat")
