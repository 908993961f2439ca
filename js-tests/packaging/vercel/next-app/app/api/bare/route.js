// What a route on the edge weighs without the library.
export const runtime = "edge"
export const POST = async (request) => Response.json(await request.json())
