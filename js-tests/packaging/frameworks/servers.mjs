// What the places of frameworks share.
import { cp, symlink } from "node:fs/promises"
import { join } from "node:path"

import { exercise } from "../exercise.mjs"
import { check, named, serve } from "../projects.mjs"
import { toolsOf } from "../tools.mjs"

/** Copies a project of this folder into the user's. */
export const bringProject = (name, folder) => cp(join(import.meta.dirname, name), folder, { recursive: true })

/** Puts some of the frameworks beside the packed package. */
export async function link(folder, ...names) {
  const tools = await toolsOf("frameworks")
  for (const name of names) await symlink(join(tools, name), join(folder, "node_modules", name), "dir")
  return tools
}

/** Where the embedded server is, as environment variables. */
export const variablesOf = ({ environment: { server } }) => ({
  PUSHER_APP_ID: server.id,
  PUSHER_KEY: server.key,
  PUSHER_SECRET: server.secret,
  PUSHER_HOST: server.host,
  PUSHER_PORT: String(server.port),
  PUSHER_SCHEME: "http",
})

/** Starts a server that says the port it listens on, and does with it what its users would. */
export async function exerciseProgram(
  context,
  args,
  { env = {}, node = process.execPath, ready = /listening on (\d+)/, label = "" } = {},
) {
  const server = await serve(node, args, { cwd: context.folder, env: { ...variablesOf(context), ...env }, ready })
  try {
    return await check(named(label, exercise(`http://127.0.0.1:${server.match[1]}`, context)))
  } finally {
    await server.stop()
  }
}
