# Every task of the project; without a name, `npx --yes rust-just` lists them.

# Tools that set-up compiled for this project come before the machine's own.
export PATH := justfile_directory() / "target/tools/bin:" + env("PATH")

just := quote(just_executable())
# A test asks it whether the docs name recipes that there are.
export JUST := just_executable()

# Every crate that runs here. One selection for all tests: another would compile the dependencies with other features.
native := "--workspace --exclude client-wasm"

# List the recipes
[private]
default:
    @{{ just }} --list --unsorted

# Start issuers, TV page and control listener, and print what to open (`demo --help` lists the options)
[group('use')]
[positional-arguments]
demo *ARGS:
    @echo "The first time takes about ten minutes on two cores: tools, then the page, then the servers. Later: seconds."
    @tests/setup.sh demo
    @node www/build.mjs
    @cargo run --package tests --bin demo -- "$@"

# Build the page into www/dist
[group('use')]
build:
    @node www/build.mjs

# Build the npm package `device-login` into target/package
[group('use')]
package:
    @node www/package.mjs

# Build the documentation as a site into target/docs, with the demo and the references, and check every link of it
[group('use')]
docs:
    @tests/setup.sh docs
    @node www/build.mjs
    @node www/docs.mjs

# Build device-login for Linux as one static binary, into target/x86_64-unknown-linux-musl/release
[group('use')]
static:
    @command -v musl-gcc >/dev/null || { echo "musl-gcc is missing, which compiles the cryptography library; on Debian: apt-get install musl-tools" >&2; exit 1; }
    rustup target add x86_64-unknown-linux-musl
    cargo build --release --package client-term --bin device-login --target x86_64-unknown-linux-musl

# Pack the page as unsigned apps for Samsung (.wgt) and LG (.ipk) into target/package-tv (`--help` lists the options)
[group('use')]
[positional-arguments]
package-tv *ARGS: build
    @node www/package-tv.mjs "$@"

# Install what is missing (GOAL: demo, docs, test or bench); quick when nothing is
[group('use')]
setup GOAL='test':
    @tests/setup.sh {{ GOAL }}

# Fetch the browser engines of televisions (all, or those with these ids of tests/engines.json) into your cache; at once when they are there
[group('use')]
engines *ID:
    @tests/setup.sh engines {{ ID }}

# Run all tests, tier by tier, and print how long each took; the first time adds about fifteen minutes
[group('test')]
test:
    #!/usr/bin/env bash
    set -euo pipefail
    tiers="setup check native ssh interop build package kit wasm-features package-test wasm-test browser docs"
    # Engines of televisions are programs for this kind of machine alone.
    [ "$(uname -sm)" != "Linux x86_64" ] || tiers+=" televisions"
    for tier in $tiers; do
        printf '\n==== %s\n' "$tier"
        {{ just }} "$tier"
        times+=("$tier $((SECONDS - ${since:-0})) s")
        since=$SECONDS
    done
    printf '\n==== all passed: %s s\n' "$SECONDS" && printf '  %s\n' "${times[@]}"

# Check formatting, lints, purity and dependencies
[group('test')]
check: pure deny
    cargo fmt --all --check
    cargo clippy {{ native }} --all-targets -- -D warnings
    cargo clippy {{ native }} --test browser --test interop --test kit --test ssh --test televisions -- -D warnings
    cargo clippy --package client-wasm --target wasm32-unknown-unknown --all-targets -- -D warnings
    cargo clippy --package client-wasm --target wasm32-unknown-unknown --no-default-features --features headless -- -D warnings
    cargo clippy --package client-wasm --target wasm32-unknown-unknown --no-default-features --features session -- -D warnings
    cargo clippy --package client-wasm --target wasm32-unknown-unknown --no-default-features --features headless,session --tests -- -D warnings
    cargo clippy --package client-wasm --target wasm32-unknown-unknown --features screen -- -D warnings
    cargo clippy --package mock-idp --target wasm32-unknown-unknown --no-default-features -- -D warnings
    cargo clippy --package mock-idp-browser --target wasm32-unknown-unknown -- -D warnings

# Prove that the protocol does no I/O: it compiles where there is no operating system and no `std`
[group('test')]
pure:
    cargo check --package device-flow --lib --no-default-features --target wasm32v1-none

# Check licences, sources and banned crates of all dependencies
[group('test')]
deny:
    cargo deny --workspace --locked check bans licenses sources

# Ask the advisory databases of RustSec and npm about known flaws. It needs a network, and is no part of `test`
[group('test')]
audit:
    cargo deny --workspace --locked check advisories
    cd www && npm audit
    cd tests && npm audit

# Run unit tests, simulated time, golden data and loopback
[group('test')]
native *ARGS:
    cargo test {{ native }} {{ ARGS }}

# Run only the tests in simulated time
[group('test')]
sim *ARGS:
    cargo test {{ native }} --test sim {{ ARGS }}

# Tell random sign-ins, of one seed (4711) or of many (0..1000000); `sim` tells the first hundred thousand
[group('test')]
worlds SEEDS:
    WORLDS={{ quote(SEEDS) }} cargo test {{ native }} --test sim random -- --nocapture

# Sign in over SSH: the PAM module in a real sshd on loopback. It needs root, and says so where it is not
[group('test')]
ssh *ARGS:
    #!/usr/bin/env bash
    set -euo pipefail
    if [ "$(uname)" != Linux ] || [ "$(id -u)" != 0 ]; then
        echo "Not run: sshd changes to another account and PAM's service files stand in /etc/pam.d, so this needs Linux and root."
        echo "In a container that you do not mind: sudo npx --yes rust-just ssh"
        exit 0
    fi
    cargo test {{ native }} --test ssh {{ ARGS }}

# Meet clients that the project did not write, and run the examples of the mock
[group('test')]
interop *ARGS:
    cargo test {{ native }} --test interop {{ ARGS }}

# Hold our own clients (terminal, Node, page) and server to the conformance kit; `native` holds the kit to servers and clients that are wrong on purpose
[group('test')]
kit *ARGS: build package
    cargo test {{ native }} --test kit {{ ARGS }}

# Hold the mock's control listener to its own description with Schemathesis (`contract --help` lists the options)
[group('test')]
[positional-arguments]
contract *ARGS:
    @tests/contract.sh "$@"

# Check that the built page and package ask no more of a television than they may, and are within their budget (www/budget.json)
[group('test')]
wasm-features:
    node www/features.mjs

# Install the packed npm package in empty projects, and sign in with it in Node, Deno, Bun, a page, a worker, what bundlers make and two televisions
[group('test')]
package-test:
    cargo build {{ native }} --bin mock-idp
    node --test --test-reporter=spec tests/package/*.test.mjs
    # Engines of televisions are programs for this kind of machine alone.
    [ "$(uname -sm)" != "Linux x86_64" ] || { tests/setup.sh engines cal-64 qt-5.8 && node --test --test-reporter=spec tests/package/television.mjs; }

# Run the WebAssembly tests in headless Chromium, and those with the mock in the same binary in Node too
[group('test')]
wasm-test:
    wasm-pack test --headless --chrome --mode no-install client-wasm --features headless,session
    wasm-pack test --node --mode no-install client-wasm --no-default-features --features headless,session --test mock_node

# Build the headless core by wasm-pack for every kind of host, page and program, and load it in one (a minute, once)
[group('test')]
wasm-targets:
    #!/usr/bin/env bash
    set -euo pipefail
    for target in web nodejs bundler no-modules deno; do
        wasm-pack build --dev --mode no-install --no-opt --target "$target" --out-dir "../target/wasm-pack/$target" \
            client-wasm -- --no-default-features --features headless
    done
    node --eval "const { Headless } = require('./target/wasm-pack/nodejs/client_wasm.js'); if (typeof Headless !== 'function') process.exit(1)"

# Drive the built page end to end in headless Chromium
[group('test')]
browser *ARGS: build
    @node www/demo.mjs
    cargo test {{ native }} --test browser {{ ARGS }}

# Tell the living-room stories in engines of televisions (all, which writes client-wasm/ENGINES.md, or those with these ids)
[group('test')]
test-tv *ENGINE: build
    @tests/setup.sh engines {{ ENGINE }}
    @cargo test {{ native }} --test televisions -- {{ ENGINE }}

# Tell them in the oldest engine of all, and in the oldest with WebAssembly; `browser` tells them in that of today
[group('test')]
televisions: (test-tv "qt-5.8" "cal-64")

# Measure SUBJECT (all without one) beside its peers and write the figures into the docs (`bench --help` lists the options)
[group('measure')]
[positional-arguments]
bench *ARGS:
    @tests/setup.sh bench
    @[ -x target/peers/bin/python ] || python3 -m venv target/peers
    @target/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/peers/python/requirements.txt
    @cargo run --release --package tests --bin bench -- "$@"

# Judge clients and servers that the project did not write, and its own, which writes tests/conformance/RESULTS.md; or show NAME alone
[group('measure')]
conformance *NAME: build package
    @tests/setup.sh test
    @[ -x target/peers/bin/python ] || python3 -m venv target/peers
    @target/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/peers/python/requirements.txt
    @cargo build --quiet --locked --manifest-path tests/peers/rust/Cargo.toml --target-dir target/peers-rust
    @cargo build --quiet {{ native }} --bin device-flow-conformance --bin mock-idp --bin device-login
    @node tests/conformance/results.mjs {{ NAME }}

# Write what the built page and the npm package weigh, crate by crate, into www/SIZE.md
[group('measure')]
size-profile: build package
    node www/profile.mjs

# Look for input that breaks TARGET (flow_answers, flow_scripts, flow_settings, mock_requests, mock_scripts, session_answers) for so many SECONDS; findings stay in target/fuzz
[group('measure')]
fuzz TARGET SECONDS='60':
    command -v cargo-fuzz >/dev/null || cargo install --root target/tools cargo-fuzz
    mkdir -p target/fuzz/corpus/{{ TARGET }}
    # cargo-fuzz wants a nightly compiler for its instrumentation; this lets the stable one do it.
    cd tests/fuzz && RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir . --target-dir ../../target/fuzz {{ TARGET }} ../../target/fuzz/corpus/{{ TARGET }} -- -max_total_time={{ SECONDS }} -artifact_prefix=../../target/fuzz/

# Change the protocol's code in every small way and see whether a test notices; takes an hour, survivors are explained in device-flow/MUTANTS.md
[group('measure')]
[positional-arguments]
mutants *ARGS:
    command -v cargo-mutants >/dev/null || cargo install --root target/tools cargo-mutants
    # First by the unit tests alone, which are quick to build; then whatever survived by the answers in tests/data too.
    -cargo mutants --config tests/mutants.toml --output target --package device-flow "$@" -- --lib
    cargo mutants --config tests/mutants.toml --output target --iterate --baseline skip --timeout 300 --test-package device-flow --test-package tests "$@" -- --lib --test golden
