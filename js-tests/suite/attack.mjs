// What strangers, hostile servers and other code in the process may try. SECURITY.md names the cases that prove each of its lines.
import answers from "./attack/answers.mjs"
import chunks from "./attack/chunks.mjs"
import injection from "./attack/injection.mjs"
import prototypes from "./attack/prototypes.mjs"
import purposes from "./attack/purposes.mjs"
import replay from "./attack/replay.mjs"
import secrets from "./attack/secrets.mjs"
import signatures from "./attack/signatures.mjs"

const parts = {
  signatures,
  replay,
  purposes,
  injection,
  "polluted prototypes": prototypes,
  answers,
  secrets,
  chunks,
}

export default (QUnit, library, environment) => {
  for (const [name, part] of Object.entries(parts)) QUnit.module(name, () => part(QUnit, library, environment))
}
