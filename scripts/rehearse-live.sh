#!/usr/bin/env bash
# Runs the live tests as a user would, but in the stand-in's bucket: what only a user can run must not rot.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=${CARGO_TARGET_DIR:-target}

fail() { printf 'rehearsal: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
server=
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

. scripts/json.sh

unset OSSUP_LIVE_ENDPOINT OSSUP_LIVE_REGION OSSUP_LIVE_BUCKET
unset OSS_ACCESS_KEY_ID OSS_ACCESS_KEY_SECRET OSS_SESSION_TOKEN
if make test-live >"$work/told" 2>&1; then fail "the live tests passed without a bucket"; fi
for name in OSSUP_LIVE_ENDPOINT OSSUP_LIVE_REGION OSSUP_LIVE_BUCKET OSS_ACCESS_KEY_ID OSS_ACCESS_KEY_SECRET; do
    grep -q "^  $name: " "$work/told" || { cat "$work/told" >&2; fail "nobody is told to set $name"; }
done

# With the test, so that what it depends on is built as for the tests, and not once more.
cargo build --workspace --bins --test live
mkfifo "$work/ready"
"$target/debug/oss-server" --bucket rehearsal --dir "$work/server" --access-key id:secret:token >"$work/ready" &
server=$!
read -r line <"$work/ready" || fail "the stand-in did not start"
admin=$(field admin "$line")
OSSUP_LIVE_ENDPOINT=$(field endpoint "$line") OSSUP_LIVE_REGION=cn-hangzhou OSSUP_LIVE_BUCKET=rehearsal \
    OSS_ACCESS_KEY_ID=id OSS_ACCESS_KEY_SECRET=secret OSS_SESSION_TOKEN=token make test-live

ask() { "$target/debug/oss-server" ask "$admin$1"; }
[ "$(ask /-/uploads)" = "[]" ] || fail "incomplete uploads are left behind"
[ "$(ask '/-/count?operation=CompleteMultipartUpload&status=200')" -gt 20 ] || fail "hardly anything was uploaded"
