#!/bin/sh
# A sign-in by curl alone: the control listener approves it, and moves the clock where a client would wait.
#
#   mock-idp serve                 in one terminal
#   sh curl.sh                     in another, or: sh curl.sh ISSUER CONTROL
#
# For any issuer but two: authentik's device codes hold quotation marks, and need a reader of JSON such as jq; Google
# refuses the scope offline_access, and wants none for its refresh tokens.
set -eu

issuer=${1:-http://127.0.0.1:8628}
control=${2:-http://127.0.0.1:8620}

# The text of a member of the JSON object on standard input.
member() { sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p'; }

metadata=$(curl -sS "$issuer/.well-known/openid-configuration")
endpoint() { printf '%s' "$metadata" | member "$1_endpoint"; }

started=$(curl -sS "$(endpoint device_authorization)" -d client_id=tv -d scope='openid profile offline_access')
user_code=$(printf '%s' "$started" | member user_code)
device_code=$(printf '%s' "$started" | member device_code)
[ -n "$user_code" ] || { printf 'No code: %s\n' "$started" >&2; exit 1; }
printf 'Code: %s\n' "$user_code"

poll() {
  curl -sS "$(endpoint token)" -d client_id=tv -d device_code="$device_code" \
    -d grant_type=urn:ietf:params:oauth:grant-type:device_code
}
printf 'Nobody has approved: %s\n' "$(poll)"

curl -sS -X POST "$control/grants/$user_code/approve" -d '{"user":"jane"}'
curl -sS -X POST "$control/clock/advance" -d '{"seconds":5}' -o /dev/null
tokens=$(poll)
access_token=$(printf '%s' "$tokens" | member access_token)
refresh_token=$(printf '%s' "$tokens" | member refresh_token)
printf 'Signed in: %s\n' "$(curl -sS "$(endpoint userinfo)" -H "Authorization: Bearer $access_token")"

refresh() {
  curl -sS "$(endpoint token)" -d client_id=tv -d grant_type=refresh_token -d refresh_token="$refresh_token"
}
refresh_token=$(refresh | member refresh_token)
curl -sS "$(endpoint revocation)" -d client_id=tv -d token="$refresh_token"
printf 'Signed out: %s\n' "$(refresh)"
