// Has the Worker make a mistake, and shows the error that its developer would see.
import { byId, make, onSubmit } from "./dom.js"
import { post } from "./worker-calls.js"

export function startMistakes() {
  onSubmit(byId("mistakes"), byId("mistakes-outcome"), async (form) => {
    const shown = byId("error")
    shown.hidden = true
    const { error } = await post("/mistake", { kind: form.get("kind") })
    if (!error) return "It went through: there was no error"
    const { name, ...parts } = error
    byId("error-name").textContent = name
    byId("error-parts").replaceChildren(
      ...Object.entries(parts).flatMap(([part, value]) => [
        make("dt", { textContent: part }),
        make("dd", { textContent: String(value) }),
      ]),
    )
    shown.hidden = false
    return ""
  })
}
