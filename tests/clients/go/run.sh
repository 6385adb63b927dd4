#!/usr/bin/env bash
# The Go SDK v2, at the version in go.mod.
set -euo pipefail
cd "$(dirname "$0")"
results=$CLIENTS_DIR/go.results
mkdir -p "$CLIENTS_DIR"

ended=0
go test -count=1 -v . | grep -Ev '^=== (RUN|PAUSE|CONT)' | tee "$results" || ended=1
passed=$(grep -c '^    --- PASS' "$results" || true)
failed=$(grep -c '^    --- FAIL' "$results" || true)
echo "$passed passed, $failed failed"
exit "$ended"
