# Every command first installs what it needs (once it has run, tools/setup.sh takes a fraction of a second).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The parts of `test` run in the order listed, cheapest first.
.NOTPARALLEL:
.SUFFIXES:

# Puts the tools on PATH, in each line of a recipe: each has its own shell.
tools := . target/env.sh &&

# Includes folders, because their time changes when a file is removed.
pkg_inputs := Cargo.toml Cargo.lock README.md CHANGELOG.md LICENSE tools/build.mjs tools/optimise.mjs tools/crates.mjs tools/licences.mjs \
	$(shell find src pkg-template tools/licences)

.PHONY: help
help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do printf 'make %-19s %s\n' "$$name" "$$text"; done

.PHONY: demo
demo: target/pkg.stamp ## Send and receive real events on this machine, then keep a console to play with (OPEN=1 opens it)
	@$(tools) node js-tests/programs/demo/demo.mjs

.PHONY: test
test: test-style check-js test-rust test-fuzz test-border test-types size test-programs test-docs test-suite test-fuzz-js test-soundness test-attack test-places test-console test-bench test-endurance test-load test-client test-real ## All tests and checks

.PHONY: test-style
test-style: setup ## Check format and lint of all JavaScript and TypeScript (`make style` fixes what it can)
	$(tools) biome ci --error-on-warnings

.PHONY: style
style: setup ## Not part of test: format all code, and fix what the linters can
	$(tools) biome check --write
	$(tools) cargo fmt

.PHONY: check-js
check-js: setup ## The package's JavaScript, type-checked
	$(tools) tsc --project tools

.PHONY: test-rust
test-rust: setup ## The Rust core and its border: format, lints, unit and property tests
	$(tools) cargo fmt --check
	$(tools) cargo clippy --locked --all-targets -- -D warnings
	$(tools) cargo clippy --locked --all-targets --features npm -- -D warnings
	$(tools) cargo clippy --locked --lib --target wasm32-unknown-unknown -- -D warnings
# With the tests of the border that only run as wasm.
	$(tools) cargo clippy --locked --lib --tests --features npm --target wasm32-unknown-unknown -- -D warnings
# As it is published: with SIMD, and the nightly flags of the package's build.
	$(tools) RUSTC_BOOTSTRAP=1 RUSTFLAGS='--cfg size_optimized -Ctarget-feature=+simd128' cargo clippy --locked --lib --features npm --target wasm32-unknown-unknown -- -D warnings
	$(tools) cargo test --locked
	$(tools) cargo test --locked --features npm
	$(tools) RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps

.PHONY: test-fuzz
test-fuzz: setup ## What fuzzing has found worth keeping, given to the core once more
# cargo-fuzz tells the compiler so as well. In a folder of its own, as another flag compiles everything anew.
	$(tools) RUSTFLAGS='--cfg fuzzing' CARGO_TARGET_DIR=target/fuzz cargo test --locked --manifest-path fuzz/Cargo.toml --test corpus

.PHONY: fuzz
fuzz: setup ## Not part of test: fuzz each parser of the core for SECONDS seconds (60)
	tools/setup.sh --tool cargo-fuzz
	$(tools) fuzz/run.sh $(or $(SECONDS),60)

.PHONY: mutants
mutants: setup ## Not part of test: change the Rust core bit by bit, and look whether a test fails (FILES=… for other files)
	tools/setup.sh --tool cargo-mutants
	$(tools) node tools/mutants.mjs $(FILES)

.PHONY: test-border
test-border: setup ## What of the border takes wasm memory or the host, as wasm under Node
	$(tools) wasm-pack test --node --mode no-install --locked --lib --features npm

.PHONY: test-types
test-types: target/pkg.stamp ## The TypeScript types against code that uses them, with every import, module resolution and compiler
	$(tools) node --test --test-reporter=spec js-tests/types/*.test.mjs

.PHONY: size
size: target/pkg.stamp ## Print what the package weighs, by part, crate, feature and function; fail above tools/size-budget.json
	$(tools) node tools/size.mjs

.PHONY: test-programs
test-programs: target/pkg.stamp ## The set-up, the command line, the embedded server, the demo, the examples, the README's programs, and the comparison with npm pusher
	$(tools) node --test --test-reporter=spec js-tests/programs/*.test.mjs js-tests/programs/demo/*.test.mjs js-tests/differential/*.test.mjs js-tests/local-channels/test/*.test.mjs

.PHONY: test-docs
test-docs: target/pkg.stamp docs/node_modules/.package-lock.json ## The documentation: its programs, links, names, figures and spelling
	$(tools) node --test --test-reporter=spec js-tests/docs/*.test.mjs

.PHONY: docs
docs: docs/node_modules/.package-lock.json ## Build the documentation as a site, in target/docs (needs only Node)
	npm --prefix docs run build

.PHONY: test-site
test-site: docs ## Not part of test: build the site, and check it in Chromium
	node --test --test-reporter=spec js-tests/docs/site.mjs

docs/node_modules/.package-lock.json: docs/package.json docs/package-lock.json
	npm ci --prefix docs --no-audit --no-fund

.PHONY: test-suite
test-suite: target/pkg.stamp ## The npm package on every JavaScript runtime
	$(tools) node js-tests/run.mjs

.PHONY: test-fuzz-js
test-fuzz-js: target/pkg.stamp ## Values of every kind for every export, 3,000 calls on each runtime, always the same
	$(tools) node js-tests/fuzz/run.mjs --calls 3000 --seed 1

.PHONY: fuzz-js
fuzz-js: target/pkg.stamp ## Not part of test: the same, 100,000 calls on each runtime (under 10 minutes each)
	$(tools) node js-tests/fuzz/run.mjs

.PHONY: test-soundness
test-soundness: target/pkg.stamp ## The packed package: its files and types, package linters, and hosts that lack something
	$(tools) node --test --test-reporter=spec js-tests/packaging/*.test.mjs

.PHONY: test-attack
test-attack: target/pkg.stamp ## What SECURITY.md promises beyond the suite: nonces across processes, the command line's output, polluted prototypes
	$(tools) node --test --test-reporter=spec js-tests/attack/*.test.mjs

.PHONY: attack-timing
attack-timing: target/pkg.stamp ## Not part of test: measure whether the time a wrong signature takes tells where it is wrong (2 minutes)
	$(tools) node js-tests/attack/timing.mjs $(PAIRS)

.PHONY: test-places
test-places: target/pkg.stamp ## The packed package in projects like users': runtimes, browsers, bundlers, frameworks (12 to 20 minutes)
# Installs each place's tools once, from its lock file. If this machine cannot have a place, reports that and continues.
	$(tools) node js-tests/packaging/run.mjs

.PHONY: support-table
support-table: ## Not part of test: write the results of test-places into docs/where-it-runs.md
	node js-tests/packaging/table.mjs

.PHONY: test-console
test-console: target/pkg.stamp ## The demo's console in headless Chromium: features, two windows, keyboard, accessibility, pictures
# One file after the other: each has a browser and a Worker of its own.
	$(tools) node --test --test-reporter=spec --test-concurrency=1 js-tests/console/*.test.mjs

.PHONY: screenshots
screenshots: target/pkg.stamp ## Not part of test: take the pictures of the console anew, in docs/images
	$(tools) SCREENSHOTS=1 node --test --test-reporter=spec js-tests/console/screenshots.test.mjs

.PHONY: test-endurance
test-endurance: target/pkg.stamp ## Memory over 200,000 clients and calls on each runtime, and thousands of overlapping requests on workerd
	$(tools) node js-tests/endurance/run.mjs --share 0.2
	$(tools) node js-tests/endurance/concurrency.mjs

.PHONY: test-endurance-long
test-endurance-long: target/pkg.stamp ## Not part of test: memory over a million clients and calls on each runtime (15 minutes)
	$(tools) node js-tests/endurance/run.mjs

.PHONY: test-load
test-load: target/pkg.stamp ## 2,000 calls on each runtime under load and faults, while the server dies and clocks step: nothing is lost or doubled
	$(tools) node js-tests/load/run.mjs --count 2000 --seed 1 --together 2 --results target/load

.PHONY: load
load: target/pkg.stamp ## Not part of test: the same with 50,000 calls, and a report in js-tests/load/results/ (under 10 minutes)
	$(tools) node js-tests/load/run.mjs

.PHONY: test-reproducible
test-reproducible: setup ## Not part of test: check that two builds in different folders give the same bytes (2 to 4 minutes)
	$(tools) node js-tests/packaging/reproducible.mjs

.PHONY: test-client
test-client: target/pkg.stamp ## The cases of test-real, on Node and workerd against the embedded server
	$(tools) node js-tests/real/run.mjs --embedded node workerd

.PHONY: test-real
test-real: target/pkg.stamp ## A real server with pusher-js: sockudo, built once in 8 minutes, also two on one Redis, or the one in PUSHER_URL
	$(tools) tools/setup-sockudo.sh
	$(tools) node js-tests/real/run.mjs
	$(tools) [ -n "$${PUSHER_URL:-}" ] || node js-tests/real/run.mjs --cluster

.PHONY: build
build: target/pkg.stamp ## Build the npm package, in pkg/

# Also builds if pkg/ was removed by hand.
target/pkg.stamp: $(pkg_inputs) $(if $(wildcard pkg/package.json),,always) | setup
	$(tools) node tools/build.mjs
	@touch $@

.PHONY: bench
bench: target/pkg.stamp benches/node_modules/.package-lock.json ## Measure speed, start-up, memory and size beside other libraries, on every runtime (under 12 minutes)
	$(tools) node benches/run.mjs

.PHONY: test-bench
test-bench: target/pkg.stamp benches/node_modules/.package-lock.json ## Whether all that `bench` measures runs, and gives the same result with every library (under a minute)
	$(tools) node benches/run.mjs --check

benches/node_modules/.package-lock.json: benches/package.json benches/package-lock.json | setup
	npm ci --prefix benches --no-audit --no-fund

.PHONY: audit
audit: target/pkg.stamp ## Not part of test: check licences, sources and known vulnerabilities of all that others wrote (builds cargo-deny once)
	$(tools) tools/setup.sh --tool cargo-deny
	$(tools) node tools/audit.mjs

.PHONY: release
release: setup ## Prepare a release, up to publishing it (SKIP_TESTS=1 leaves the tests out)
	$(tools) node tools/release.mjs

.PHONY: setup
setup: ## Only install the tools (every other command does this too)
	@tools/setup.sh

.PHONY: clean
clean: ## Remove what was built, but keep the tools (~/.cache/pusher-http-wasm, node_modules)
	rm -rf target pkg

.PHONY: always
always:
