// Every case: its `name`; `variants` of the libraries, each a call; and, where results differ from call to call or show not all, what
// is `seen` of it instead.
import { authorization } from "./authorization.mjs"
import { growth } from "./growth.mjs"
import { query } from "./query.mjs"
import { trigger } from "./trigger.mjs"
import { webhook } from "./webhook.mjs"

export const cases = [...authorization, ...webhook, ...query, ...trigger, ...growth]
