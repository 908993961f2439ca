// An edge route without the library, to compare the weight.
export const runtime = "edge"
export const POST = async (request) => Response.json(await request.json())
