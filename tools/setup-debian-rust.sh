#!/usr/bin/env bash
# A Rust that can build wasm, for a Debian machine on which rustup cannot download anything: Debian's packages, a
# standard library for wasm32 built from their sources, and rustup's linker, linked as the rustup toolchain "debian".
# tools/setup.sh calls it. Safe to run again: what is there is only checked, without the network.
#
#   tools/setup-debian-rust.sh CACHE_FOLDER
set -euo pipefail

cache=$1
packages='rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web'
wasm_target=wasm32-unknown-unknown

main() {
  has apt-get || fail "Debian's Rust packages were asked for, but apt-get is missing: unset PUSHER_HTTP_WASM_TOOLCHAIN"
  has rustup || fail "rustup is missing: Debian's Rust still needs its linker (rust-lld); install it from https://rustup.rs"
  install_packages
  standard_library
  linker
  link_toolchain
  touch "$cache/debian-toolchain" # tells setup.sh not to try rustup's downloads again
  say "Rust: Debian's $(/usr/bin/rustc --version | cut -d' ' -f2) with $wasm_target, as RUSTUP_TOOLCHAIN=debian"
}

say() { printf '==> %s\n' "$*"; }
fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

install_packages() {
  local installed
  # shellcheck disable=SC2086 # one word a package
  installed=$(dpkg-query -W -f '${db:Status-Status}\n' $packages 2>/dev/null | grep -cx installed) || true
  [ "$installed" != "$(wc -w <<<"$packages")" ] || return 0
  [ "$(id -u)" = 0 ] || fail "Debian's Rust packages are missing: run 'apt-get install $packages' as root"
  say "Rust: installing Debian's packages (700 MB on disk, under a minute)"
  apt-get update -q || fail "apt-get update did not work (its message is above): look at the network and /etc/apt"
  # They conflict with Debian's older rustc: that one is the machine owner's to remove.
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends --no-remove $packages ||
    fail "apt-get cannot install $packages (its message is above): they are in Debian 12 and later"
}

# Built and kept in the cache, copied to where the compiler looks for it: each put in place in one move.
standard_library() {
  local compiler libraries kept=$cache/debian-wasm32-std
  compiler=$(/usr/bin/rustc --version --verbose) # another one, say after an upgrade, refuses the library
  libraries=$(/usr/bin/rustc --print target-libdir --target $wasm_target)
  [ "$compiler" != "$(cat "$libraries/built-by" 2>/dev/null)" ] || return 0
  [ -w /usr/lib/rustlib ] || fail "$libraries is missing and this user may not write there: run this as root"

  [ "$compiler" = "$(cat "$kept/built-by" 2>/dev/null)" ] || build_standard_library "$compiler" "$kept"
  rm -rf "$libraries" "$libraries.new"
  mkdir -p "$(dirname "$libraries")"
  cp -r "$kept" "$libraries.new"
  mv "$libraries.new" "$libraries"
}

build_standard_library() {
  local compiler=$1 kept=$2 crate=$cache/build-wasm32-std library
  say "Rust: building the standard library for $wasm_target (once, about a minute)"
  rm -rf "$crate" "$kept"
  mkdir -p "$crate/src" "$crate/out"
  touch "$crate/src/lib.rs"
  printf '[package]\nname = "wasm32-std"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$crate/Cargo.toml"
  # `test` is what wasm-bindgen-test needs.
  (cd "$crate" && env -u RUSTUP_TOOLCHAIN -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS \
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$crate/target" \
    /usr/bin/cargo build --release -Zbuild-std=std,panic_abort,test --target $wasm_target) ||
    fail "the standard library for $wasm_target could not be built (cargo's message is above): is the crates registry reached?"
  for library in "$crate/target/$wasm_target/release/deps"/*.rlib; do
    case $library in
      */libwasm32_std-*) ;; # the empty crate itself
      *) cp "$library" "$crate/out" ;;
    esac
  done
  printf '%s' "$compiler" >"$crate/out/built-by"
  mv "$crate/out" "$kept"
  rm -rf "$crate"
}

linker() {
  local host binary folder
  host=$(/usr/bin/rustc --version --verbose | sed -n 's/^host: //p')
  folder=/usr/lib/rustlib/$host/bin
  [ ! -x "$folder/rust-lld" ] || return 0
  for binary in "${RUSTUP_HOME:-$HOME/.rustup}"/toolchains/*/lib/rustlib/"$host"/bin/rust-lld; do
    [ -x "$binary" ] || continue
    mkdir -p "$folder"
    # A link: it finds its own libraries by where it lies.
    ln -sfn "$binary" "$folder/rust-lld"
    return 0
  done
  fail "no rust-lld in any rustup toolchain: install one with 'rustup toolchain install stable'"
}

link_toolchain() {
  rustup toolchain list | grep -q '^debian\b' || rustup toolchain link debian /usr ||
    fail "'rustup toolchain link debian /usr' did not work (rustup's message is above)"
}

main
