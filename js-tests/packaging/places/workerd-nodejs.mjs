import { workerdPlace } from "../runtimes/workerd.mjs"

export default workerdPlace("workerd-nodejs", "workerd, with nodejs_compat")
