import Pusher from "pusher-http-wasm"

import { makeServer } from "./server.js"
import { makeShop } from "./shop.js"

const shop = makeShop(Pusher.fromEnv(), (customer, text) => console.log(`mail to ${customer}: ${text}`))
const { HOST = "127.0.0.1", PORT = "3000" } = process.env
const server = makeServer(shop).listen(Number(PORT), HOST, () => {
  console.log(`Listening on http://${HOST}:${server.address().port}`)
})
