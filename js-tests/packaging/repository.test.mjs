// What the manifest says of the project's address, made from one variable.
import assert from "node:assert/strict"
import { test } from "node:test"

import { describeRepository } from "../../tools/repository.mjs"

const described = {
  repository: { type: "git", url: "git+https://github.com/owner/name.git" },
  homepage: "https://github.com/owner/name#readme",
  bugs: { url: "https://github.com/owner/name/issues" },
}

test("one variable names the repository, the homepage and where to report bugs", () => {
  assert.deepEqual(describeRepository({ REPOSITORY_URL: "https://github.com/owner/name" }), described)
})

test("on GitHub's runners the address is known", () => {
  const env = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "owner/name" }
  assert.deepEqual(describeRepository(env), described)
  assert.deepEqual(
    describeRepository({ ...env, GITHUB_REPOSITORY: "fork/name", REPOSITORY_URL: "https://github.com/owner/name" }),
    described,
  )
})

test("without an address the manifest names none", () => {
  assert.deepEqual(describeRepository({}), {})
  assert.deepEqual(describeRepository({ REPOSITORY_URL: "" }), {})
})

test("an address that npm could not use is an error", () => {
  for (const address of [
    "github.com/owner/name",
    "https://github.com/owner",
    "https://github.com/owner/name.git",
    "https://github.com/owner/name/",
  ])
    assert.throws(() => describeRepository({ REPOSITORY_URL: address }), /has to be like https:/, address)
})
