// Makes and fills elements.

/** @returns {any} */
export const byId = (id) => document.getElementById(id)

/** Makes an element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** Writes words into an element, with a state that colours them: `good`, `bad` or none. */
export function say(element, words, state = "") {
  element.textContent = words
  element.dataset.state = state
}

/** Writes a time as people read it. */
export const now = () => new Date().toLocaleTimeString()

/** Calls `act` when a form is submitted, once at a time, and says in `outcome` what it returns or throws. */
export function onSubmit(form, outcome, act) {
  let isBusy = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (isBusy) return
    isBusy = true
    try {
      say(outcome, (await act(new FormData(form, event.submitter))) ?? "", "good")
    } catch (error) {
      say(outcome, error.message, "bad")
    } finally {
      isBusy = false
    }
  })
}
