// workerd, where the package finds no FinalizationRegistry. The order of the imports counts.
import "./spy.mjs"
import "./without-finalization-registry.mjs"
import worker from "./worker.mjs"

export default worker
