// The development packages of this folder, for the other folders: each package is installed in one place.
import { join } from "node:path"

export * as esbuild from "esbuild"

/** Returns the path of a command, such as `tsc`. */
export const bin = (name) => join(import.meta.dirname, "node_modules/.bin", name)
