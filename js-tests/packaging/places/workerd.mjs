import { makeWorkerdPlace } from "../runtimes/workerd.mjs"

export default makeWorkerdPlace("workerd", "workerd, without nodejs_compat")
