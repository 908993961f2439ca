# Every command sets up what it needs first (tools/setup.sh, a fraction of a second once it has run).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The parts of `test` run in the order in which they are listed: what is cheapest to fail on comes first.
.NOTPARALLEL:
.SUFFIXES:

# What setup.sh found or built. Each line of a recipe has a shell of its own.
tools := . target/env.sh &&

# Folders are listed too: their time changes when a file goes away.
pkg_inputs := Cargo.toml Cargo.lock README.md CHANGELOG.md LICENSE tools/build.mjs tools/optimise.mjs $(shell find src pkg-template)

.PHONY: help
help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do printf 'make %-17s %s\n' "$$name" "$$text"; done

.PHONY: demo
demo: target/pkg.stamp ## Send and receive real events on this machine, in front of you
	@$(tools) node js-tests/programs/demo/demo.mjs

.PHONY: test
test: test-style test-rust test-border test-types size test-programs test-suite test-soundness test-places test-endurance test-client test-real ## All tests and checks

.PHONY: test-style
test-style: setup ## Format and lint of all JavaScript and TypeScript (`make style` mends what can be mended)
	$(tools) biome ci --error-on-warnings

.PHONY: style
style: setup ## Not part of test: format all code, and mend what the linters can
	$(tools) biome check --write
	$(tools) cargo fmt

.PHONY: check-js
check-js: setup ## Not part of test yet: the package's JavaScript against its own types
	$(tools) tsc --project tools

.PHONY: test-rust
test-rust: setup ## The Rust core: format, lints, unit and property tests
	$(tools) cargo fmt --check
	$(tools) cargo clippy --locked --all-targets -- -D warnings
	$(tools) cargo clippy --locked --lib --tests --target wasm32-unknown-unknown -- -D warnings
# As it is published: with vectors, and with what only the compiler that builds it takes.
	$(tools) RUSTC_BOOTSTRAP=1 RUSTFLAGS='--cfg npm -Ctarget-feature=+simd128' cargo clippy --locked --lib --target wasm32-unknown-unknown -- -D warnings
	$(tools) cargo test --locked
	$(tools) RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps

.PHONY: test-border
test-border: setup ## What only runs as wasm: the border between JavaScript and Rust, under Node
# The border's tests are part of the library (src/wasm/mod.rs). Not the documentation's examples: in wasm they pass whatever they assert.
	$(tools) wasm-pack test --node --mode no-install --locked --lib

.PHONY: test-types
test-types: target/pkg.stamp ## The TypeScript types against code that uses them
	$(tools) node js-tests/types/run.mjs

.PHONY: size
size: target/pkg.stamp ## What the package weighs, by part, crate, feature and function; fails above tools/size-budget.json
	$(tools) node tools/size.mjs

.PHONY: test-programs
test-programs: target/pkg.stamp ## The embedded server, the demo, the examples, the programs of the README, and the comparison with npm pusher
	$(tools) node --test --test-reporter=spec js-tests/programs/*.test.mjs js-tests/programs/demo/*.test.mjs js-tests/differential/*.test.mjs js-tests/local-channels/test/*.test.mjs

.PHONY: test-suite
test-suite: target/pkg.stamp ## The npm package on every JavaScript runtime
	$(tools) node js-tests/run.mjs

.PHONY: test-soundness
test-soundness: target/pkg.stamp ## What the packed package holds, what tools say of it, and what becomes of it in hosts that lack something or interrupt it
	$(tools) node --test --test-reporter=spec js-tests/packaging/*.test.mjs

.PHONY: test-places
test-places: target/pkg.stamp ## The packed package in projects as users have them: runtimes, browsers, bundlers, frameworks (7 minutes)
# Installs the tools of each place once, as locked; where a place cannot be had, it says why and goes on.
	$(tools) node js-tests/packaging/run.mjs

.PHONY: support-table
support-table: ## Not part of test: put what test-places found into the README
	node js-tests/packaging/table.mjs

.PHONY: test-endurance
test-endurance: target/pkg.stamp ## Memory over a million clients and calls, and as payloads grow, on each runtime; thousands of overlapping requests on workerd
	$(tools) node js-tests/endurance/run.mjs
	$(tools) node js-tests/endurance/concurrency.mjs

.PHONY: test-reproducible
test-reproducible: setup ## Not part of test: two builds of the package, in folders of their own, give the same bytes (2 to 4 minutes)
	$(tools) node js-tests/packaging/reproducible.mjs

.PHONY: test-client
test-client: target/pkg.stamp ## The cases of test-real on Node and workerd, over the embedded server
	$(tools) node js-tests/real/run.mjs --embedded node workerd

.PHONY: test-real
test-real: target/pkg.stamp ## A real server and a real client: sockudo, built once in 7 minutes, or the server of PUSHER_URL; and pusher-js
	$(tools) tools/setup-sockudo.sh
	$(tools) node js-tests/real/run.mjs

.PHONY: build
build: target/pkg.stamp ## The npm package, in pkg/

# A pkg/ removed by hand is built again.
target/pkg.stamp: $(pkg_inputs) $(if $(wildcard pkg/package.json),,always) | setup
	$(tools) node tools/build.mjs
	@touch $@

.PHONY: bench
bench: target/pkg.stamp benches/node_modules/.package-lock.json ## Speed, start-up, memory and size beside other libraries, on every runtime (under 10 minutes)
	$(tools) node benches/run.mjs

benches/node_modules/.package-lock.json: benches/package.json benches/package-lock.json | setup
	npm ci --prefix benches --no-audit --no-fund

.PHONY: release
release: setup ## All of a release but the publishing, and what is left to do (SKIP_TESTS=1 leaves the tests out)
	$(tools) node tools/release.mjs

.PHONY: setup
setup: ## Only get the tools (every other command does)
	@tools/setup.sh

.PHONY: clean
clean: ## Remove what was built; the tools stay (~/.cache/pusher-http-wasm, node_modules)
	rm -rf target pkg

.PHONY: always
always:
