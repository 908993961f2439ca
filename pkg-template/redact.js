// Keeps signatures out of what is printed.

/** A signature in a URL or in a server's words: 64 hexadecimal digits. */
const SIGNATURE = /[0-9a-f]{64}/gi
/** How many causes are followed: hosts put their words into the cause of a cause. */
const MAX_DEPTH = 5

/** Replaces the signatures in a text. Returns any other value as it is. */
export const withoutSignatures = (text) => (typeof text === "string" ? text.replace(SIGNATURE, "(signature)") : text)

/** Replaces the signature that a signed URL ends with. */
export const withoutSignature = (url) => `${url.slice(0, url.lastIndexOf("=") + 1)}(signature)`

/** Replaces the signatures in a host's own error: some write the whole URL into its message or beside it. Never throws. */
export const redactHostError = (error, depth = 0) => {
  // Not `instanceof Error`: it may be of another realm. Its cause may have one itself.
  if (typeof error !== "object" || error === null || depth > MAX_DEPTH) return
  try {
    for (const name of Object.getOwnPropertyNames(error)) redactMember(error, name)
    redactHostError(error.cause, depth + 1)
  } catch {
    // What cannot be read, such as a revoked proxy, shows nothing.
  }
}

const redactMember = (error, name) => {
  try {
    const redacted = withoutSignatures(error[name])
    if (redacted !== error[name]) error[name] = redacted
  } catch {
    // A member that cannot be written is not one that the host made for this request.
  }
}
