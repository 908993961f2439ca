// In the place of `node-fetch` where the suite is bundled.
export { stubFetch as default } from "./stub.mjs"
