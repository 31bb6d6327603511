#!/usr/bin/env bash
# Holds the control listener of mock-idp to its own description, /openapi.json: Schemathesis makes calls that fit it and
# calls that do not, and looks whether every answer is as described.
#
#   tests/contract.sh [OPTIONS OF `schemathesis run`]
#
# Schemathesis comes from PyPI into `target/tools/schemathesis`. The stream of the journal is left out: it never ends.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VERSION=4.32.5
readonly FOLDER=target/tools/schemathesis

if [ "$("$FOLDER/bin/schemathesis" --version 2>/dev/null)" != "schemathesis, version $VERSION" ]; then
  echo "Installing Schemathesis $VERSION into $FOLDER (a minute)."
  python3 -m venv "$FOLDER"
  "$FOLDER/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION"
fi

cargo build --quiet --package mock-idp
exec 3< <(exec "${CARGO_TARGET_DIR:-target}/debug/mock-idp" serve --json --free-ports --seed 1)
mock=$!
starter=""
# A mock that is gone before it is stopped says why here, if it can.
finish() {
  [ -z "$starter" ] || kill "$starter"
  if ! kill $mock 2>/dev/null; then
    local status=0
    wait $mock || status=$?
    echo "mock-idp ended during the run, with exit status $status (128 and N: by signal N)." >&2
    exit 1
  fi
}
trap finish EXIT
read -r ready <&3
url() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/" <<<"$ready"; }
control=$(url control)

# One code that waits for its person, and again after every reset: the same seed makes the same code.
start() { curl --silent --max-time 5 --data 'client_id=tv' "$(url rfc)/device_authorization" || true; }
USER_CODE=$(start | sed 's/.*"user_code":"\([^"]*\)".*/\1/')
export USER_CODE
while sleep 1; do start >/dev/null; done &
starter=$!

# It keeps what it found where it runs.
config=$PWD/tests/contract.toml
cd "$FOLDER"
bin/schemathesis --config-file "$config" run "$control/openapi.json" \
  --exclude-path /journal/stream --checks all --continue-on-failure "$@"
