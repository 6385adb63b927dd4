#!/usr/bin/env bash
# Makes what `make dist` made once more, from a clone in another folder, by somebody with other habits: the checksums are to be equal.
set -euo pipefail
cd "$(dirname "$0")/.."

made=$(realpath -m "${CARGO_TARGET_DIR:-target}")/dist/SHA256SUMS
[ -e "$made" ] || { echo "there is no $made: make dist makes it" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset CARGO_TARGET_DIR
git clone --quiet . "$work/a clone"
umask 077
TZ=Asia/Shanghai make --directory "$work/a clone" dist
diff "$made" "$work/a clone/target/dist/SHA256SUMS"
echo "the same bytes"
