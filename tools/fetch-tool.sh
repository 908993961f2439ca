#!/usr/bin/env bash
# Fetches a tool that its authors have built, instead of compiling it here. tools/setup.sh calls it; exit code 1: not to be had.
#
#   tools/fetch-tool.sh CRATE VERSION FOLDER     leaves the commands in FOLDER/bin
#
# Environment: PUSHER_HTTP_WASM_PINNED, as in tools/setup.sh; for the test, PUSHER_HTTP_WASM_GITHUB, in the place of https://github.com.
set -euo pipefail

crate=$1
version=$2
folder=$3
github=${PUSHER_HTTP_WASM_GITHUB:-https://github.com}
api=${github/github.com/api.github.com}
checksums=$(dirname "${BASH_SOURCE[0]}")/fetched.sha256

main() {
  local target repository tag name archive expected actual
  target=$(target_of_this_machine) || fail "there is none for $(uname -sm)"
  case $crate in
    wasm-bindgen-cli) repository=wasm-bindgen/wasm-bindgen tag=$version name=wasm-bindgen-$version-$target ;;
    wasm-pack) repository=wasm-bindgen/wasm-pack tag=v$version name=wasm-pack-v$version-$target ;;
    *) fail "nobody is known to have built it" ;;
  esac
  archive=$folder/$name.tar.gz
  [ -z "${PUSHER_HTTP_WASM_PINNED:-}" ] || pinned_checksum "$name.tar.gz" >/dev/null ||
    fail "$name.tar.gz has no checksum in tools/fetched.sha256"

  download "$github/$repository/releases/download/$tag/$name.tar.gz" "$archive" || fail "$github cannot be reached, or has no $name.tar.gz"
  expected=$(pinned_checksum "$name.tar.gz" || published_checksum "$repository" "$tag" "$name.tar.gz") ||
    fail "$name.tar.gz has no checksum to compare with, neither in tools/fetched.sha256 nor beside it"
  actual=$(checksum_of "$archive")
  [ "$expected" = "$actual" ] || fail "$name.tar.gz has the checksum $actual instead of $expected: it is not used"

  mkdir -p "$folder/unpacked" "$folder/bin"
  tar -xzf "$archive" -C "$folder/unpacked" --strip-components=1 || fail "$name.tar.gz cannot be unpacked"
  mv "$folder/unpacked"/wasm* "$folder/bin"
  chmod +x "$folder/bin"/*
  rm -r "$archive" "$folder/unpacked"
}

fail() {
  printf '    %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# As both projects name what they build. Those for musl are linked statically and run on any Linux.
target_of_this_machine() {
  case $(uname -sm) in
    'Linux x86_64') echo x86_64-unknown-linux-musl ;;
    'Linux aarch64') echo aarch64-unknown-linux-musl ;;
    'Darwin x86_64') echo x86_64-apple-darwin ;;
    'Darwin arm64') echo aarch64-apple-darwin ;;
    *) return 1 ;;
  esac
}

# Without a network it gives up after 4 seconds, and on a transfer that has stalled after 10.
download() {
  if has curl; then
    curl --fail --silent --location --proto-redir =https --connect-timeout 4 --speed-limit 1000 --speed-time 10 --max-time 180 --output "$2" "$1"
  elif has wget; then
    wget --quiet --tries=1 --dns-timeout=4 --connect-timeout=4 --read-timeout=10 --output-document="$2" "$1"
  else
    return 1
  fi
}

# A checksum in this repository protects against everything that happens to the archive after somebody looked at it.
pinned_checksum() {
  local pinned
  pinned=$(awk -v name="$1" '$2 == name { print $1; exit }' "$checksums")
  [ -n "$pinned" ] && echo "$pinned"
}

# One that is published beside the archive, or that GitHub's API tells for it, protects against a transfer that went wrong and a cache or
# mirror that altered the archive alone. It does not protect against whoever can replace the archive at its source: they replace both.
published_checksum() {
  local repository=$1 tag=$2 name=$3 beside=$folder/checksum release=$folder/release published
  if download "$github/$repository/releases/download/$tag/$name.sha256sum" "$beside"; then
    published=$(cut -d' ' -f1 "$beside")
  elif has node && download "$api/repos/$repository/releases/tags/$tag" "$release"; then
    published=$(node -e '
      const { assets } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"))
      console.log(/^sha256:(.*)/.exec(assets.find(({ name }) => name === process.argv[2])?.digest)?.[1] ?? "")
    ' "$release" "$name" 2>/dev/null) || return 1
  fi
  rm -f "$beside" "$release"
  [[ ${published:-} =~ ^[0-9a-f]{64}$ ]] && echo "$published"
}

checksum_of() {
  if has sha256sum; then sha256sum "$1" | cut -d' ' -f1; else shasum -a 256 "$1" | cut -d' ' -f1; fi
}

main
