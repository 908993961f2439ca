jest.mock("pusher-http-wasm")
const Pusher = require("pusher-http-wasm")

test("lets the whole package be mocked", async () => {
  const pusher = new Pusher({})
  pusher.trigger.mockResolvedValue({ status: 200 })
  expect(await pusher.trigger("a", "event")).toEqual({ status: 200 })
  expect(pusher.authorizeChannel("1.1", "private-a")).toBeUndefined()
  expect(Pusher).toHaveBeenCalledTimes(1)
})
