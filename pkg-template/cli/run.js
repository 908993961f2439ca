// One call of the command line, from its arguments to its exit code.
import process from "node:process"

import { parseArguments } from "./arguments.js"
import { commands } from "./commands/index.js"
import { openClient } from "./configuration.js"
import { exitCodeOf } from "./errors.js"
import { describeCommand, describeCommands } from "./help.js"
import { makeOutput } from "./output.js"

/** Runs a command. Resolves to the exit code: 0 done, 1 the server or a check refused, 2 wrong use. Never rejects. */
export const run = async (argv) => {
  let output = makeOutput(argv.includes("--json"))
  try {
    const { command, parameters, options } = parseArguments(commands, argv)
    output = makeOutput(options.json === true)
    if (options.version) return output.print(PACKAGE_VERSION)
    if (options.help) return output.print(command ? describeCommand(command) : describeCommands(commands))
    if (!command) {
      process.stderr.write(`${describeCommands(commands)}\n`)
      return 2
    }
    const openHidden = async (more) => {
      const client = await openClient(options.url, more)
      output.hide(client.secrets)
      return client
    }
    return (await command.run({ ...parameters, options, commands, output, openClient: openHidden })) ?? 0
  } catch (error) {
    output.fail(error)
    return exitCodeOf(error)
  }
}
