#!/usr/bin/env bash
# Fuzzes each target. The first that fails ends it, and leaves its input in target/fuzz/artifacts.
#
#   fuzz/run.sh SECONDS [TARGET…]     fuzzes each target, or those that are named, for that many seconds
#   fuzz/run.sh --keep [TARGET…]      puts what was found since into corpus/: of each target at most 18 inputs, so that all are below 200 files
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TARGET_DIR=$PWD/target/fuzz
# No sanitizer: the core has no unsafe code, and so stable Rust will do.
flags=(--fuzz-dir fuzz --sanitizer none --features libfuzzer)

# Inputs of a target that are kept.
most=18

main() {
  local seconds=$1 target found kept
  shift
  target/cargo-fuzz build "${flags[@]}"
  [ $# -gt 0 ] || set -- $(cd fuzz/fuzz_targets && basename -s .rs -- *.rs)
  for target; do
    found=target/fuzz/found/$target
    mkdir -p "$found" "target/fuzz/artifacts/$target"
    if [ "$seconds" = --keep ]; then
      # As few inputs as reach all code, those first that reach most of it. How often code runs makes none worth keeping.
      kept=$(mktemp -d)
      run "$target" -set_cover_merge=1 -use_counters=0 "$kept" "fuzz/corpus/$target" "$found"
      (cd "$kept" && ls -tr | tail -n +$((most + 1)) | xargs -r rm)
      rm -rf "fuzz/corpus/$target"
      mv "$kept" "fuzz/corpus/$target"
    else
      run "$target" -max_total_time="$seconds" -timeout=10 -max_len=4096 -print_final_stats=1 "$found" "fuzz/corpus/$target"
    fi
  done
}

run() {
  local target=$1
  shift
  echo "==> $target"
  target/fuzz/*/release/"$target" -artifact_prefix="target/fuzz/artifacts/$target/" "$@" 2>&1 |
    grep -E 'DONE|ERROR|panicked|assertion|SUMMARY|Test unit|stat::(number|average)|MERGE-OUTER: [0-9]+ new files with|^(thread|  left|  right)'
}

main "$@"
