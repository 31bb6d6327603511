#!/usr/bin/env bash
# Undoes install.sh. Settings that you wrote stay; a module that a file of /etc/pam.d still names stays too, since without it
# that service would refuse everybody.
set -euo pipefail

fail() { printf '%s\n' "$@" >&2 && exit 1; }
[ "$(id -u)" = 0 ] || fail "Run this as root: it removes files from PAM's folder and from /etc."
users=$(grep -ls '^[^#]*pam_device_login\.so' /etc/pam.d/* /etc/pam.conf 2>/dev/null || true)
[ -z "$users" ] || fail "Still in use; take it out of these first:" "$users"

find /lib /usr/lib /lib64 /usr/lib64 -name pam_device_login.so -print -delete 2>/dev/null || true
rm -f /etc/device-login/pam.toml.example
rmdir /etc/device-login 2>/dev/null || echo "/etc/device-login stays: there are settings of yours in it."
