// Shared by the places of frameworks.
import { cp, symlink } from "node:fs/promises"
import { join } from "node:path"

import { exercise } from "../exercise.mjs"
import { prefixNames, runCases, serve } from "../projects.mjs"
import { installTools } from "../tools.mjs"

/** Copies a project of this folder into the user's. */
export const copyProject = (name, folder) => cp(join(import.meta.dirname, name), folder, { recursive: true })

/** Links some of the frameworks next to the packed package. Resolves to the path of all tools. */
export async function linkTools(folder, ...names) {
  const tools = await installTools("frameworks")
  for (const name of names) await symlink(join(tools, name), join(folder, "node_modules", name), "dir")
  return tools
}

/** The master key of encrypted channels. */
export const masterKey = Buffer.alloc(32, 7).toString("base64")

/** Describes the embedded server in environment variables. */
export const makeVariables = ({ environment: { server } }) => ({
  PUSHER_APP_ID: server.id,
  PUSHER_KEY: server.key,
  PUSHER_SECRET: server.secret,
  PUSHER_HOST: server.host,
  PUSHER_PORT: String(server.port),
  PUSHER_SCHEME: "http",
  PUSHER_ENCRYPTION_MASTER_KEY_BASE64: masterKey,
})

/** Starts a server that prints its port, and exercises it below `path`, by default with the cases of ../exercise.mjs. */
export async function exerciseProgram(
  context,
  args,
  { env = {}, node = process.execPath, ready = /listening on (\d+)/, path = "", label = "", makeCases = exercise } = {},
) {
  const server = await serve(node, args, { cwd: context.folder, env: { ...makeVariables(context), ...env }, ready })
  try {
    return await runCases(prefixNames(label, makeCases(`http://127.0.0.1:${server.match[1]}${path}`, context)))
  } finally {
    await server.stop()
  }
}
