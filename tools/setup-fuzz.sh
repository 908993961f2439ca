#!/usr/bin/env bash
# Gets cargo-fuzz, for `make fuzz`. Safe to run again: what is there is only checked, without the network.
#
#   tools/setup-fuzz.sh
#
# Leaves target/cargo-fuzz, a link to the program. Environment: PUSHER_HTTP_WASM_CACHE, as in tools/setup.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=0.13.2
cache=${PUSHER_HTTP_WASM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pusher-http-wasm}
home=$cache/cargo-fuzz-$version

main() {
  if ! runs "$home"; then
    one_at_a_time
    runs "$home" || build # unless the set-up that was waited for has built it
  fi
  mkdir -p target
  ln -sfn "$home/bin/cargo-fuzz" target/cargo-fuzz
  say "cargo-fuzz: $version"
}

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

runs() { [ "$("$1/bin/cargo-fuzz" --version 2>/dev/null)" = "cargo-fuzz $version" ]; }

# A lock of its own: nobody else has to wait for a minute. Where flock is missing (macOS) that is left to chance.
one_at_a_time() {
  mkdir -p "$cache" || fail "the tools' folder $cache cannot be made: set PUSHER_HTTP_WASM_CACHE to a folder you can write to"
  has flock || return 0
  exec 9>"$cache/lock-cargo-fuzz"
  flock -n 9 || {
    say "another set-up is building cargo-fuzz: waiting for it"
    flock 9
  }
  rm -rf "$cache"/cargo-fuzz-partial.*
}

# Built beside its place and moved there when complete, so that an interrupted build is not taken for the program.
build() {
  local partial
  has cargo || fail "cargo is missing: install Rust with rustup (https://rustup.rs), then open a new shell"
  has c++ || fail "a C++ compiler (c++), which builds libFuzzer, is missing: 'apt-get install g++' on Debian, 'xcode-select --install' on macOS"
  say "cargo-fuzz $version: building it from source (once, about a minute on 2 cores)"
  partial=$(mktemp -d "$cache/cargo-fuzz-partial.XXXXXX")
  cargo_install "$partial" --locked ||
    fail "cargo-fuzz $version could not be built (cargo's message is above): 'cargo install cargo-fuzz --version $version' has to work"
  runs "$partial" || fail "cargo-fuzz $version was built but does not run: look at $partial/bin"
  rm -rf "$home"
  mv "$partial" "$home"
  rm -rf "$cache/build-cargo-fuzz"
}

# A debug build takes half of a release's time: cargo-fuzz only calls cargo and the fuzzers. The flags of this project or shell are not its own.
cargo_install() {
  local root=$1
  shift
  (cd "$cache" && env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET -u RUSTC_BOOTSTRAP CARGO_PROFILE_DEV_DEBUG=0 \
    CARGO_TARGET_DIR="$cache/build-cargo-fuzz" cargo install cargo-fuzz --version "=$version" --debug --root "$root" --force --no-track "$@")
}

main
