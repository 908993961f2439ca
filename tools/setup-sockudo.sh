#!/usr/bin/env bash
# Gets sockudo, a Channels server that others wrote, for `make test-real`, and Redis, which connects two of them. Safe to run again: what is
# there is only checked, without the network. Where PUSHER_URL names another server to test against, there is nothing to do.
#
#   tools/setup-sockudo.sh
#
# Leaves target/sockudo, a link to the program. Environment: PUSHER_HTTP_WASM_CACHE, as in tools/setup.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=5.2.0
cache=${PUSHER_HTTP_WASM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pusher-http-wasm}
# Of the several databases and queues that it may be built for, the tests use these.
features=local,redis
# A build with other features is not taken for this one.
home=$cache/sockudo-$version-${features//,/-}
# What its build calls, and the Debian package of each.
packages='protoc:protobuf-compiler cmake:cmake'
# What its build reads beside that, of which Debian has a package apart from the compiler's.
protobuf_types=/usr/include/google/protobuf/timestamp.proto

main() {
  [ -z "${PUSHER_URL:-}" ] || return 0
  if ! runs "$home" || ! has redis-server; then
    one_at_a_time
    system_packages
    runs "$home" || build # unless the set-up that was waited for has built it
  fi
  mkdir -p target
  ln -sfn "$home/bin/sockudo" target/sockudo
  say "sockudo: $version"
}

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

runs() { [ "$("$1/bin/sockudo" --version 2>/dev/null)" = "sockudo $version" ]; }

# A lock of its own: nobody else has to wait for minutes. Where flock is missing (macOS) that is left to chance.
one_at_a_time() {
  mkdir -p "$cache" || fail "the tools' folder $cache cannot be made: set PUSHER_HTTP_WASM_CACHE to a folder you can write to"
  has flock || return 0
  exec 9>"$cache/lock-sockudo"
  flock -n 9 || {
    say "another set-up is building sockudo: waiting for it"
    flock 9
  }
  rm -rf "$cache"/sockudo-partial.*
}

# Built beside its place and moved there when complete, so that an interrupted build is not taken for the program.
build() {
  local partial
  has cargo || fail "cargo is missing: install Rust with rustup (https://rustup.rs), then open a new shell"
  say "sockudo $version: building it from source (once, about 8 minutes on 2 cores)"
  partial=$(mktemp -d "$cache/sockudo-partial.XXXXXX")
  cargo_install "$partial" --locked || {
    say "sockudo $version: not to be had as its authors locked it, resolving its dependencies anew"
    cargo_install "$partial"
  } || fail "sockudo $version could not be built (cargo's message is above): it needs Rust 1.95 or newer ('rustup update stable')" \
    "and the crates registry; or set PUSHER_URL to test against a server of yours"
  runs "$partial" || fail "sockudo $version was built but does not run: look at $partial/bin"
  rm -rf "$home"
  mv "$partial" "$home"
  rm -rf "$cache/build-sockudo"
}

system_packages() {
  local pair missing=
  has redis-server || missing=" redis-server"
  if ! runs "$home"; then
    for pair in $packages; do
      has "${pair%:*}" || missing="$missing ${pair#*:}"
    done
    # Elsewhere they come with protoc.
    if has apt-get && [ ! -e "$protobuf_types" ] && [ "$(command -v protoc || echo /usr/bin/protoc)" = /usr/bin/protoc ]; then
      missing="$missing libprotobuf-dev"
    fi
  fi
  [ -n "$missing" ] || return 0
  { has apt-get && [ "$(id -u)" = 0 ]; } ||
    fail "the tests with sockudo need$missing: 'apt-get install$missing' as root on Debian, 'brew install protobuf cmake redis' on macOS;" \
      "or set PUSHER_URL to test against a server of yours"
  say "sockudo: installing$missing with apt-get (under a minute)"
  apt-get update -q || fail "apt-get update did not work (its message is above): look at the network and /etc/apt"
  # shellcheck disable=SC2086 # one word a package
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends --no-remove $missing ||
    fail "apt-get cannot install$missing (its message is above)"
}

# A debug build takes a third of a release's time and is fast enough for tests. What was compiled survives an interruption in
# build-sockudo. The flags of this project or shell are not sockudo's.
cargo_install() {
  local root=$1
  shift
  (cd "$cache" && env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET -u RUSTC_BOOTSTRAP \
    CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR="$cache/build-sockudo" \
    cargo install sockudo --version "=$version" --no-default-features --features "$features" --debug --root "$root" --force --no-track "$@")
}

main
