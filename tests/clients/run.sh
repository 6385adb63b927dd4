#!/usr/bin/env bash
# The official clients, unmodified, against the stand-in. Each folder here that has a run.sh is one
# suite; it finds the server in OSS_SERVER, a place for what it installs in CLIENTS_DIR, and ends
# its output with "N passed, N failed".
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
export CLIENTS_DIR=$target/clients
minutes=10

# With a test, so that what it depends on is built as for the tests, and not once more.
cargo build --quiet --locked --workspace --bins --test conformance --manifest-path "$root/Cargo.toml"
export OSS_SERVER=$target/debug/oss-server

passed=0
failed=0
for suite in "$here"/*/run.sh; do
    name=$(basename "$(dirname "$suite")")
    echo "== $name"
    log=$CLIENTS_DIR/$name.log
    mkdir -p "$CLIENTS_DIR"
    ended=0
    timeout "${minutes}m" bash "$suite" 2>&1 | tee "$log" || ended=$?
    if [[ $ended -eq 124 ]]; then
        echo "$name did not end within $minutes minutes"
        failed=$((failed + 1))
    elif [[ $ended -le 1 && $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        # A suite that ends badly or tries nothing has failed, whatever its last line says.
        if [[ ${BASH_REMATCH[2]} -eq 0 && ($ended -ne 0 || ${BASH_REMATCH[1]} -eq 0) ]]; then
            echo "$name ended badly or tried nothing"
            failed=$((failed + 1))
        fi
    else
        echo "$name ended without a result"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
