import { makeWorkerdPlace } from "../runtimes/workerd.mjs"

export default makeWorkerdPlace("workerd-nodejs", "workerd, with nodejs_compat")
