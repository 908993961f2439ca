// Serves one package from an npm registry on this machine, so that a place can fetch it as users do.
import { createHash } from "node:crypto"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import { basename } from "node:path"

/**
 * Starts the registry.
 *
 * @param {string} tarball of the package
 * @param {{ name: string, version: string }} manifest the package.json in it
 * @returns {Promise<{ url: string, requested: string[], close: () => Promise<void> }>} `requested`: the requested paths
 */
export async function startRegistry(tarball, manifest) {
  const bytes = await readFile(tarball)
  const { name, version } = manifest
  const requested = []
  const server = createServer(({ url: path }, response) => {
    requested.push(path)
    if (path === `/${name}`)
      return response.setHeader("content-type", "application/json").end(JSON.stringify(makePackument()))
    if (path === `/${basename(tarball)}`) return response.end(bytes)
    response.writeHead(404).end("{}")
  })
  const makePackument = () => {
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`
    const dist = { tarball: `${url}${basename(tarball)}`, integrity }
    return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } }
  }
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${server.address().port}/`
  return {
    url,
    requested,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    },
  }
}
