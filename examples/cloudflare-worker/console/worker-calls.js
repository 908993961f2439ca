// Calls the Worker that served this page.

/** Resolves to the response. Rejects with the Worker's words if it refuses. */
async function call(path, init) {
  let response
  try {
    response = await fetch(path, init)
  } catch {
    throw new Error("The Worker does not answer. Has it ended?")
  }
  if (response.ok) return response
  const { error } = await response.json().catch(() => ({}))
  throw new Error(error ?? `The Worker answered ${response.status}`)
}

export const get = async (path) => (await call(path)).json()

const send = (path, body) =>
  call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })

export const post = async (path, body) => (await send(path, body)).json()

/** Posts, and calls `onLine` with each line of JSON, as it arrives. */
export async function postForLines(path, body, onLine) {
  const { body: stream } = await send(path, body)
  let rest = ""
  for await (const text of readTexts(stream.pipeThrough(new TextDecoderStream()))) {
    const lines = (rest + text).split("\n")
    rest = lines.pop()
    for (const line of lines) onLine(JSON.parse(line))
  }
}

/** Not every browser can iterate over a stream. */
async function* readTexts(stream) {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
