// `completion`: a script for the user's shell.
import { shells } from "../completion-scripts.js"

export const completion = {
  name: "completion",
  summary: "Print a script that completes commands in a shell",
  parameters: [{ name: "shell", label: "bash|zsh|fish", text: "The shell", choices: Object.keys(shells) }],
  options: [],
  common: ["help"],
  notes: ["Put it into the shell's start-up file. The program itself must be on PATH."],
  example: 'eval "$(pusher-http-wasm completion bash)"',
  run: ({ shell, commands, output }) => output.print(shells[shell](commands).trimEnd()),
}
