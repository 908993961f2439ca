// Every case that sends nothing: its `name`; `variants` of the libraries, each a call; where results differ from call to call or show
// not all, what is `seen` of it instead; and where a call does the same many times, `callsEach`, how often.
// `before` is called before what a variant does is looked at. `runtimes` are those it runs on, if not on all. A call that takes seconds has
// `longRounds`, how often it is called, and if it takes a minute, `isLong`.
import { authorization } from "./authorization.mjs"
import { growth } from "./growth.mjs"
import { query } from "./query.mjs"
import { trigger } from "./trigger.mjs"
import { webhook } from "./webhook.mjs"

export const cases = [...authorization, ...webhook, ...query, ...trigger, ...growth]
