export { authorize as POST } from "../../../../channels.js"
