// Opens a second window beside this one, on the same channel. It is a member of its own.
import { byId } from "./dom.js"

export function startSecondWindow() {
  byId("second-window").addEventListener("click", (event) => {
    const width = Math.round(screen.availWidth / 2)
    const features = `popup,width=${width},height=${screen.availHeight},left=${screen.availLeft + width},top=0`
    // If the browser allows no window, the link opens a tab.
    if (open(`/${location.hash}`, "", features)) event.preventDefault()
  })
}
