// Where the project is published from: what the package's manifest says of it.

/**
 * Returns `repository`, `homepage` and `bugs` for package.json, or nothing while the project has no address. `REPOSITORY_URL` names it, such as
 * https://github.com/owner/name; on GitHub's runners it need not be set.
 * @param {Record<string, string | undefined>} env
 */
export function describeRepository({ REPOSITORY_URL, GITHUB_SERVER_URL, GITHUB_REPOSITORY }) {
  const address = REPOSITORY_URL || (GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`)
  if (!address) return {}
  if (!/^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(address) || address.endsWith(".git"))
    throw new Error(`REPOSITORY_URL is '${address}': it has to be like https://github.com/owner/name`)
  return {
    repository: { type: "git", url: `git+${address}.git` },
    homepage: `${address}#readme`,
    bugs: { url: `${address}/issues` },
  }
}
