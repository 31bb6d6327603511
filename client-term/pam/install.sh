#!/usr/bin/env bash
# Copies the module, built by `cargo build --release --package client-term-pam`, to where PAM looks for it, and an example of
# its settings to /etc/device-login. Nothing uses it until a file of /etc/pam.d names it.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() { printf '%s\n' "$@" >&2 && exit 1; }
[ "$(id -u)" = 0 ] || fail "Run this as root: it writes to PAM's folder and to /etc."
built=${CARGO_TARGET_DIR:-target}/release/libpam_device_login.so
[ -f "$built" ] || fail "$built is missing. Build it first:" "  cargo build --release --package client-term-pam"

# Beside the module that every system with PAM has.
folder=$(dirname "$(find /lib /usr/lib /lib64 /usr/lib64 -name pam_unix.so -print -quit 2>/dev/null)")
[ -f "$folder/pam_unix.so" ] || fail "PAM's folder, the one with pam_unix.so, is not found."

install -m 0644 -o root -g root "$built" "$folder/pam_device_login.so"
install -d -m 0755 -o root -g root /etc/device-login
install -m 0644 -o root -g root client-term/pam/pam.toml.example /etc/device-login/pam.toml.example
echo "Installed $folder/pam_device_login.so and /etc/device-login/pam.toml.example."
echo "Next: write /etc/device-login/pam.toml, then try it beside your own sshd (client-term/pam/README.md, step 4)."
