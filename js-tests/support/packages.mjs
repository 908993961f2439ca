// The packages that js-tests has installed from its lock file.
import { readFileSync } from "node:fs"
import { join } from "node:path"

export const packages = join(import.meta.dirname, "../node_modules")

/** Returns the path of a command, such as `deno`. */
export const bin = (name) => join(packages, ".bin", name)

export const getVersion = (name) => JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")).version
