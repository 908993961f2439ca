import { workerdPlace } from "../runtimes/workerd.mjs"

export default workerdPlace("workerd-2024", "workerd, compatibility date of 2024, without nodejs_compat")
