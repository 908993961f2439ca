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

/** Calls `act` whenever a form is submitted, one call after the other, and says in `outcome` what it returns or throws. */
export function onSubmit(form, outcome, act) {
  let last = Promise.resolve()
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const data = new FormData(form, event.submitter)
    last = last.then(async () => {
      try {
        say(outcome, await act(data), "good")
      } catch (error) {
        say(outcome, error.message, "bad")
      }
    })
  })
}
