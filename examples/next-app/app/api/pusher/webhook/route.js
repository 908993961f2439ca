export { receiveWebhook as POST } from "../../../../channels.js"
