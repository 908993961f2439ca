// In which of its ways the fault server fails, and whether it takes the request first.
import { faultNames } from "../support/faults.mjs"

/** What tests ask the fault server about; no fault. */
const QUESTIONS = ["closedPort", "report", "asked", "open"]
/** Answers that say that nothing was taken: a server that takes the request nevertheless lies. */
const REFUSALS =
  "moved redirect notModified clock large quota quotaNow quotaLater busyNow busyLater gzipError longError upgraded".split(
    " ",
  )
/** Nobody can tell whether the request was taken. */
const UNCLEAR = "reset close resetBody halfChunk hang hangBody timeout failure gateway busy endlessError".split(" ")

const isQuestion = (name) => QUESTIONS.includes(name)
const waysOf = (name) =>
  REFUSALS.includes(name) ? [name] : UNCLEAR.includes(name) ? [name, `taken-${name}`] : [`taken-${name}`]

/** Every way. All others answer, in their fashion, that the request was taken: so it is. */
export const WAYS = faultNames.filter((name) => !isQuestion(name)).flatMap(waysOf)
