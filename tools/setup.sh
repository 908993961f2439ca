#!/usr/bin/env bash
# Gets a machine ready for every `make` command. Safe to run again: what is there is only checked, without the network.
#
#   tools/setup.sh [--only rust|npm]   leaves target/env.sh, which puts the tools on PATH
#   tools/setup.sh --tool CRATE        one of extra_tools, which few commands need: leaves target/CRATE, a link to it
#
# Environment:
#   PUSHER_HTTP_WASM_CACHE             where tools that were fetched or built are kept, shared by all checkouts
#   PUSHER_HTTP_WASM_PINNED=1          takes only what has a checksum in this repository or in a lock file: for a release
#   PUSHER_HTTP_WASM_TOOLCHAIN=debian  takes Debian's Rust packages although rustup's toolchain would do
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wasm_pack_version=0.15.1
extra_tools='cargo-deny:0.20.2 cargo-fuzz:0.13.2 cargo-mutants:27.1.0'
wasm_target=wasm32-unknown-unknown
cache=${PUSHER_HTTP_WASM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pusher-http-wasm}
lock=lock            # the set-ups that wait for each other
partials=partial     # the prefix of folders that hold unfinished tools
toolchain=           # the rustup toolchain to export; empty: the machine's own default
tool_folders=        # for PATH, each followed by a colon
npm_job=             # the process that installs npm packages meanwhile

main() {
  local only=${2:-}
  case "$*" in
    '' | '--only rust' | '--only npm') ;;
    '--tool '*)
      extra_tool "$2"
      return
      ;;
    *) fail "unknown arguments '$*': tools/setup.sh [--only rust|npm], tools/setup.sh --tool CRATE" ;;
  esac

  one_at_a_time
  if [ "$only" != rust ]; then
    check_node
    start_npm
  fi
  if [ "$only" != npm ]; then
    check_cargo
    rust_toolchain
    cargo_tools
  fi
  [ "$only" = rust ] || end_npm
  [ "$only" = npm ] || write_env
}

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# Two set-ups at once would install over each other. Where flock is missing (macOS) that is left to chance.
one_at_a_time() {
  mkdir -p "$cache" || fail "the tools' folder $cache cannot be made: set PUSHER_HTTP_WASM_CACHE to a folder you can write to"
  has flock || return 0
  exec 9>"$cache/$lock"
  flock -n 9 || {
    say "another set-up is running: waiting for it"
    flock 9
  }
  rm -rf "$cache/$partials".*
}

check_node() {
  local major
  has node || fail "node is missing: install Node.js 20 or newer (https://nodejs.org, or your system's package manager)"
  major=$(node -p 'process.versions.node.split(".")[0]') || fail "node does not start: reinstall Node.js 20 or newer"
  [ "$major" -ge 20 ] || fail "node is $(node --version), 20 or newer is needed: update it (https://nodejs.org)"
  has npm || fail "npm is missing: it comes with Node.js (https://nodejs.org); on Debian it is the package 'npm'"
  say "node: $(node --version)"
}

check_cargo() {
  local tool
  for tool in cargo rustc; do
    has $tool || fail "$tool is missing: install Rust with rustup (https://rustup.rs), then open a new shell"
    $tool --version >/dev/null || fail "$tool does not start (its own message is above): repair Rust with 'rustup update stable'"
  done
  has cc || fail "a C linker (cc) is missing: 'apt-get install gcc libc6-dev' on Debian, 'xcode-select --install' on macOS"
}

# Everything the builds and checks take from Rust beyond the compiler itself. One line for each thing that is missing.
rust_gaps() {
  local libraries sysroot
  libraries=$(rustc --print target-libdir --target $wasm_target 2>/dev/null) || libraries=
  sysroot=$(rustc --print sysroot 2>/dev/null) || return 0
  compgen -G "$libraries/libstd-*.rlib" >/dev/null || echo "$wasm_target"
  [ -e "$sysroot/lib/rustlib/src/rust/library/std/Cargo.toml" ] || echo rust-src
  [ -x "$sysroot/bin/cargo-clippy" ] || cargo clippy --version >/dev/null 2>&1 || echo clippy
  [ -x "$sysroot/bin/rustfmt" ] || cargo fmt --version >/dev/null 2>&1 || echo rustfmt
}

rust_toolchain() {
  local gaps component
  if [ "${PUSHER_HTTP_WASM_TOOLCHAIN:-}" = debian ]; then
    debian_toolchain
    return
  fi

  gaps=$(rust_gaps)
  if [ -n "$gaps" ] && [ -e "$cache/debian-toolchain" ]; then
    debian_toolchain # rustup could not help last time: do not make every run wait for it to fail again
    return
  fi
  if [ -n "$gaps" ] && has rustup; then
    say "Rust: adding ${gaps//$'\n'/, } with rustup (some 60 MB, under a minute)"
    for component in $gaps; do
      case $component in
        wasm32-*) rustup target add "$component" || break ;;
        *) rustup component add "$component" || break ;;
      esac
    done
    gaps=$(rust_gaps)
    if [ -n "$gaps" ] && has apt-get && [ "$(id -u)" = 0 ]; then
      say "Rust: rustup cannot add it here, taking Debian's packages instead"
      debian_toolchain
      return
    fi
  fi
  [ -z "$gaps" ] || fail "Rust lacks ${gaps//$'\n'/, }: with rustup (https://rustup.rs) run 'rustup target add $wasm_target' and" \
    "'rustup component add rust-src clippy rustfmt'; on Debian as root, with rustup installed, this script can do without its downloads"
  say "Rust: $(rustc --version | cut -d' ' -f2) with $wasm_target"
}

debian_toolchain() {
  tools/setup-debian-rust.sh "$cache" || exit 1
  toolchain=debian
  export RUSTUP_TOOLCHAIN=$toolchain
  [ -z "$(rust_gaps)" ] || fail "Debian's Rust packages still lack $(rust_gaps | tr '\n' ' '): remove $cache/debian-toolchain and try again"
}

cargo_tools() {
  local bindgen_version
  [ -e Cargo.lock ] || fail "Cargo.lock is missing: it says which wasm-bindgen to install; get it back with 'git checkout Cargo.lock'"
  # The command line tool refuses a module made with any other version of the crate.
  bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock)
  [ -n "$bindgen_version" ] || fail "Cargo.lock names no wasm-bindgen: get it back with 'git checkout Cargo.lock'"
  cargo_tool wasm-bindgen-cli "$bindgen_version" wasm-bindgen wasm-bindgen-test-runner
  cargo_tool wasm-pack "$wasm_pack_version" wasm-pack
}

# Built from source, with a lock of its own: nobody else has to wait for minutes.
extra_tool() {
  local crate=$1 entry version=
  for entry in $extra_tools; do
    [ "${entry%:*}" != "$crate" ] || version=${entry#*:}
  done
  [ -n "$version" ] || fail "unknown tool '$crate': tools/setup.sh --tool has" $extra_tools
  lock=lock-$crate partials=$crate-partial
  one_at_a_time
  check_cargo
  rust_toolchain
  at_version "$version" "$cache/$crate-$version/bin/" "$crate" || build_tool "$crate" "$version" "$cache/$crate-$version" "$crate"
  mkdir -p target
  ln -sfn "$cache/$crate-$version/bin/$crate" "target/$crate"
  say "$crate: $version"
}

# cargo_tool CRATE VERSION COMMAND...: the one kept from an earlier run, else one on PATH, else one fetched, else one built.
cargo_tool() {
  local crate=$1 version=$2 home=$cache/$1-$2
  shift 2
  if ! at_version "$version" "$home/bin/" "$@"; then
    if at_version "$version" "" "$@"; then
      say "$crate: $version"
      return
    fi
    fetch_tool "$crate" "$version" "$home" "$@" || build_tool "$crate" "$version" "$home" "$@"
  fi
  tool_folders=$tool_folders$home/bin:
  say "$crate: $version"
}

# Where this fails (a machine that does not reach GitHub), it is tried again after a day, and not by each run.
fetch_tool() {
  local crate=$1 version=$2 home=$3 failed=$cache/fetch-failed partial
  shift 3
  [ -z "$(find "$failed" -mtime -1 2>/dev/null)" ] || return 1
  say "$crate $version: fetching it from GitHub (once, some seconds)"
  partial=$(mktemp -d "$cache/$partials.XXXXXX") || return 1
  if tools/fetch-tool.sh "$crate" "$version" "$partial" && at_version "$version" "$partial/bin/" "$@"; then
    put_in_place "$partial" "$home"
  else
    say "$crate $version: could not be fetched; the next try is after a day, or once $failed is removed"
    rm -rf "$partial"
    touch "$failed"
    return 1
  fi
}

build_tool() {
  local crate=$1 version=$2 home=$3 partial
  shift 3
  say "$crate $version: building it from source (once, about 2 minutes on 2 cores)"
  partial=$(mktemp -d "$cache/$partials.XXXXXX")
  cargo_install "$crate" "$version" "$partial" --locked || {
    [ -z "${PUSHER_HTTP_WASM_PINNED:-}" ] &&
      say "$crate $version: not to be had as its authors locked it, resolving its dependencies anew" &&
      cargo_install "$crate" "$version" "$partial"
  } || fail "$crate $version could not be built (cargo's message is above): 'cargo install $crate --version $version' has to work"
  at_version "$version" "$partial/bin/" "$@" || fail "$crate $version was built but does not run: look at $partial/bin"
  put_in_place "$partial" "$home"
  rm -rf "$cache/build-$crate"
}

# A tool is fetched or built beside its place and moved there when complete, so that an interrupted run leaves none that looks complete.
put_in_place() {
  rm -rf "$2"
  mv "$1" "$2"
}

# What was compiled survives an interruption in build-*. The flags of this project or shell are not the tool's.
cargo_install() {
  local crate=$1 version=$2 root=$3
  shift 3
  (cd "$cache" && env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET -u RUSTC_BOOTSTRAP \
    PATH="$root/bin:$PATH" CARGO_TARGET_DIR="$cache/build-$crate" cargo install "$crate" --version "=$version" --root "$root" --force --no-track "$@")
}

# at_version VERSION FOLDER/ COMMAND...: does every one of the commands answer with this version? Cargo calls its own with their name.
at_version() {
  local version=$1 folder=$2 command subcommand
  shift 2
  for command in "$@"; do
    case $command in cargo-*) subcommand=${command#cargo-} ;; *) subcommand= ;; esac
    [ "$("$folder$command" $subcommand --version 2>/dev/null)" = "$command $version" ] || return 1
  done
}

# npm works while the Rust tools are fetched or built. It has a process group of its own, so that all of it ends when this script does.
start_npm() {
  set -m
  install_npm_packages </dev/null &
  npm_job=$!
  set +m
  trap 'kill -- -$npm_job 2>/dev/null || true' EXIT
}

end_npm() {
  wait "$npm_job" || fail "the npm packages are not there: the reason is above"
  trap - EXIT
}

install_npm_packages() {
  npm_packages tools "250 MB" esbuild binaryen:wasm-opt typescript:tsc @biomejs/biome:biome
  npm_packages js-tests "350 MB" deno bun workerd
}

# npm_packages FOLDER SIZE PACKAGE[:COMMAND]...: installs what the folder's lock file says; each of the commands has to run.
npm_packages() {
  local folder=$1 size=$2 stamp=$1/node_modules/.setup-stamp wanted package command answer
  shift 2
  [ -e "$folder/package-lock.json" ] ||
    fail "$folder/package-lock.json is missing: get it back with 'git checkout $folder/package-lock.json'"
  # The packages hold binaries, so the same lock file on another system (a mounted checkout) is another installation.
  wanted=$(uname -sm && cat "$folder/package.json" "$folder/package-lock.json")
  if [ "$wanted" != "$(cat "$stamp" 2>/dev/null)" ]; then
    say "npm packages: installing into $folder/node_modules ($size on disk, 10 seconds to some minutes)"
    answer=$(npm ci --prefix "$folder" --no-audit --no-fund 2>&1) || {
      printf '%s\n' "$answer" >&2
      fail "'npm ci --prefix $folder' did not work (npm's message is above): the npm registry has to be reached, and after a change" \
        "of $folder/package.json 'npm install --prefix $folder' brings package-lock.json in line"
    }
    for package in "$@"; do
      command=$folder/node_modules/.bin/${package#*:}
      package=${package%:*}
      answer=$("$command" --version 2>&1) ||
        fail "$package was installed but does not run ($(head -n 1 <<<"$answer")): if npm is set to ignore install scripts," \
          "run this once with npm_config_ignore_scripts=false in the environment"
      say "  $package: $(head -n 1 <<<"$answer")"
    done
    printf '%s' "$wanted" >"$stamp"
  fi
  say "npm packages: $folder has them as locked"
}

write_env() {
  local text
  text=$(
    echo "# Written by tools/setup.sh: bash, to be sourced."
    # shellcheck disable=SC2016 # the reader's PATH, not this one
    printf 'export PATH=%q:"$PATH"\n' "$tool_folders$PWD/tools/node_modules/.bin:$PWD/js-tests/node_modules/.bin"
    [ -z "$toolchain" ] || printf 'export RUSTUP_TOOLCHAIN=%q\n' "$toolchain"
  )
  mkdir -p target
  [ "$text" = "$(cat target/env.sh 2>/dev/null)" ] || printf '%s\n' "$text" >target/env.sh
}

main "$@"
