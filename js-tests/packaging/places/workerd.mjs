import { workerdPlace } from "../runtimes/workerd.mjs"

export default workerdPlace("workerd", "workerd, without nodejs_compat")
