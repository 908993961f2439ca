// Tells the test which events the example gave up.
export default {
  async queue(batch, env) {
    const body = JSON.stringify(batch.messages.map(({ body }) => body))
    const response = await fetch(env.LETTERS_URL, { method: "POST", body })
    await response.text()
  },
}
