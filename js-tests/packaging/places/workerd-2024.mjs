import { makeWorkerdPlace } from "../runtimes/workerd.mjs"

export default makeWorkerdPlace("workerd-2024", "workerd, compatibility date of 2024, without nodejs_compat")
