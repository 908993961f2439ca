// The crates that are compiled into pusher.wasm: of Cargo.lock, what the feature `npm` uses on wasm32 at run time; no build script, no macro.
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..")
const TARGET = "wasm32-unknown-unknown"
const MAX_BYTES = 1 << 28

const cargo = (...args) =>
  execFileSync("cargo", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: MAX_BYTES,
    stdio: ["ignore", "pipe", "inherit"],
  })

/**
 * @typedef {object} Crate
 * @property {string} name
 * @property {string} version
 * @property {string} license an SPDX expression
 * @property {string[]} authors
 * @property {string} repository
 * @property {string} folder where its sources are
 * @property {string} checksum SHA-256 of its archive on crates.io, as Cargo.lock has it
 * @property {string[]} dependencies of these crates, each as `name version`
 */

/** Reads this crate and those compiled into the module with it, by name. @returns {{ own: Crate, others: Crate[] }} */
export const readCrates = () => {
  const chosen = ["--locked", "--features", "npm"]
  const metadata = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", TARGET, ...chosen))
  const names = new Map(metadata.packages.map(({ id, name, version }) => [id, `${name} ${version}`]))
  // metadata adds up the features of build scripts and modules; tree knows what the module's build takes.
  const edges = ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
  const tree = cargo("tree", "--target", TARGET, ...chosen, ...edges)
  const compiled = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ").replace(" v", " ")))
  const checksums = new Map(
    readLock(join(root, "Cargo.lock")).map((one) => [`${one.name} ${one.version}`, one.checksum]),
  )
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
  const toCrate = ({ id, name, version, license, authors, repository, manifest_path: manifest }) => ({
    name,
    version,
    license: license?.replaceAll("/", " OR "),
    authors,
    repository,
    folder: dirname(manifest),
    checksum: checksums.get(`${name} ${version}`),
    dependencies: nodes
      .get(id)
      .deps.filter(({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind === null))
      .map(({ pkg }) => names.get(pkg))
      .filter((dependency) => compiled.has(dependency))
      .sort(),
  })
  const isOwn = ({ id }) => id === metadata.resolve.root
  const used = metadata.packages.filter(({ id }) => compiled.has(names.get(id)))
  return {
    own: toCrate(used.find(isOwn)),
    others: used
      .filter((one) => !isOwn(one))
      .map(toCrate)
      .sort(byName),
  }
}

const byName = (one, other) =>
  one.name === other.name ? (one.version < other.version ? -1 : 1) : one.name < other.name ? -1 : 1

/** Reads what a lock file has from crates.io. */
const readLock = (file) => {
  const entries = readFileSync(file, "utf8").matchAll(
    /^name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"$/gm,
  )
  return Array.from(entries, ([, name, version, checksum]) => ({ name, version, checksum }))
}

/** Reads which crates of crates.io this compiler's standard library is made of. */
export const readLibraryLock = () => {
  const sysroot = execFileSync("rustc", ["--print", "sysroot"], { cwd: root, encoding: "utf8" }).trim()
  return readLock(join(sysroot, "lib/rustlib/src/rust/library/Cargo.lock"))
}

/**
 * What the compiler adds of its own: the standard library, first, and what it is made of on wasm32.
 * The notices are those of COPYRIGHT-library.html and the licence files that Rust 1.95 has.
 */
export const rustLibrary = [
  {
    name: "std",
    title: "The Rust standard library: core, alloc, std and panic_abort",
    license: "MIT OR Apache-2.0",
    repository: "https://github.com/rust-lang/rust",
    notices: ["Copyright (c) The Rust Project Developers (see https://thanks.rust-lang.org)"],
  },
  {
    name: "unicode-data",
    title: "The Unicode tables in Rust's core",
    license: "Unicode-3.0",
    repository: "https://github.com/rust-lang/rust",
    notices: ["Copyright © 1991-2024 Unicode, Inc."],
  },
  {
    name: "compiler_builtins",
    title: "compiler_builtins, linked with the Rust standard library",
    license: "MIT AND Apache-2.0 WITH LLVM-exception",
    repository: "https://github.com/rust-lang/compiler-builtins",
    notices: ["Derived from LLVM's compiler-rt: Copyright (c) 2009-2016 by the contributors listed in CREDITS.TXT"],
  },
  {
    name: "libm",
    title: "libm, in compiler_builtins",
    license: "MIT",
    repository: "https://github.com/rust-lang/compiler-builtins",
    notices: [
      "Copyright (c) 2018 Jorge Aparicio",
      "Derived from musl libc: Copyright © 2005-2020 Rich Felker, et al.",
      "Copyright © 1993,2004 Sun Microsystems",
      "Copyright © 2003-2011 David Schultz",
      "Copyright © 2003-2009 Steven G. Kargl",
      "Copyright © 2003-2009 Bruce D. Evans",
      "Copyright © 2008 Stephen L. Moshier",
      "Copyright © 2017-2018 Arm Limited",
    ],
  },
  {
    name: "hashbrown",
    title: "hashbrown, in the Rust standard library",
    license: "MIT OR Apache-2.0",
    repository: "https://github.com/rust-lang/hashbrown",
    notices: ["Copyright (c) 2016 Amanieu d'Antras"],
  },
  {
    name: "dlmalloc",
    title: "dlmalloc, in the Rust standard library",
    license: "MIT OR Apache-2.0",
    repository: "https://github.com/alexcrichton/dlmalloc-rs",
    notices: ["Copyright (c) 2014 Alex Crichton"],
  },
  {
    name: "rustc-demangle",
    title: "rustc-demangle, in the Rust standard library",
    license: "MIT OR Apache-2.0",
    repository: "https://github.com/rust-lang/rustc-demangle",
    notices: ["Copyright (c) 2014 Alex Crichton"],
  },
]
