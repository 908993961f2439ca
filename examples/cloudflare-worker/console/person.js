// Who this window is. Each has a name of its own, which the address can give: /?name=Ada.
const NAMES = ["Ada", "Alan", "Barbara", "Edsger", "Frances", "Grace", "Katherine", "Radia", "Tim"]

const makeName = () => `${NAMES[Math.floor(Math.random() * NAMES.length)]}-${Math.floor(10 + Math.random() * 90)}`

const given = new URLSearchParams(location.search).get("name") ?? ""

export const name = /^[\w-]{1,40}$/.test(given) ? given : makeName()

/** The Worker makes the id in the same way. */
export const id = name.toLowerCase()

/** The same in all windows of this browser, whose clock they share: only then does the difference of two times tell a latency. */
export const browser = readBrowser()

function readBrowser() {
  try {
    localStorage.browser ??= crypto.randomUUID()
    return localStorage.browser
  } catch {
    // The user allows no storage.
    return crypto.randomUUID()
  }
}
