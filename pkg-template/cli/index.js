#!/usr/bin/env node
// The command line: `npx pusher-http-wasm COMMAND`. Runs with Node, Bun and Deno.
import process from "node:process"

import { run } from "./run.js"

process.exitCode = await run(process.argv.slice(2))
