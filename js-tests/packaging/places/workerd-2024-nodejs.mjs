import { workerdPlace } from "../runtimes/workerd.mjs"

export default workerdPlace("workerd-2024-nodejs", "workerd, compatibility date of 2024, with nodejs_compat")
