#!/usr/bin/env bash
# Tests all that this machine can, says what it cannot, and ends with a line of counts. With CI=true nothing is skipped.
set -uo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost

passed=0 failed=0 skipped=0

# step NAME COMMAND...: one thing that passes or fails.
step() {
    local name=$1 began=$SECONDS
    shift
    printf '== %s\n' "$name"
    if "$@"; then
        passed=$((passed + 1))
        printf -- '-- passed: %s (%d s)\n' "$name" $((SECONDS - began))
    else
        failed=$((failed + 1))
        printf -- '-- FAILED: %s (%d s)\n' "$name" $((SECONDS - began))
    fi
}

# step_with TOOL NAME COMMAND...: the same, where the tool is there.
step_with() {
    local tool=$1 name=$2
    shift
    if command -v "$tool" >/dev/null; then
        step "$@"
    elif [ "${CI:-}" = true ]; then
        failed=$((failed + 1))
        printf -- '-- FAILED: %s (no %s)\n' "$name" "$tool"
    else
        skipped=$((skipped + 1))
        printf -- '-- skipped: %s (no %s)\n' "$name" "$tool"
    fi
}

under_valgrind() {
    local runner="valgrind --quiet --vgdb=no --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite"
    OSSUP_TEST_RUNNER=$runner cargo test --test c_programs --test credentials_sources &&
        OSSUP_TEST_RUNNER=$runner OSSUP_TEST_UPLOADS=100 cargo test --test crowd thousands
}

# Beside what was built before, of which most is used.
packed() {
    CARGO_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-target}") cargo package --quiet --locked --allow-dirty --package ossup
}

# What they find is not looked at: that they run is. So the stand-in need not be fast.
small_benchmarks() {
    WORKS="bulk small_parts small_files memory resume" PEERS="raw sendfile ossup" SIZE_MIB=64 RUNS=1 UPDATE= \
        benches/run.sh >/dev/null
}

step "Rust and C tests" cargo test --workspace --no-fail-fast
# Built with the tests; a build for itself would have all that it depends on built again.
OSS_SERVER=$(realpath -m "${CARGO_TARGET_DIR:-target}")/debug/oss-server
export OSS_SERVER
step "panics, forced everywhere" cargo test --features forced-panics --test panics
step "the crate, built from its package" packed
step "examples" scripts/examples.sh
step "a killed upload goes on (a short demo)" env OSSUP_DEMO_MIB=64 scripts/demo.sh
step "the live tests, in the stand-in's bucket" scripts/rehearse-live.sh
step "the benchmarks, in small" small_benchmarks
step_with gcc "the C programs under gcc's sanitizers" scripts/sanitize.sh programs gcc
step_with valgrind "the C programs under valgrind" under_valgrind

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
