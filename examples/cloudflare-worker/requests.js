// Reads requests and refuses bad ones.

/** An error whose message the sender may read. */
export class BadRequest extends Error {}

/** Reads a body that is a JSON object or list. @param {Request} request */
export async function readJson(request) {
  const body = await request.json().catch(() => undefined)
  if (typeof body !== "object" || body === null) throw new BadRequest("The body must be JSON: an object or a list")
  return body
}

export const refuse = (status, error) => Response.json({ error }, { status })
