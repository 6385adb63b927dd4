#!/usr/bin/env bash
# The C programs under sanitizers.
# Usage: sanitize.sh programs COMPILER     those in the programs alone, with gcc or clang, and the library as it is
#        sanitize.sh address               AddressSanitizer in the library, too, and in Rust's standard library
#        sanitize.sh thread                ThreadSanitizer in all of them
# The last two build the library apart, by a compiler that comes with the sources of its standard library: Debian 12, as root.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=${CARGO_TARGET_DIR:-target}
unset OSSUP_TEST_LIBRARY

# Programs by every handle, the examples, and those with a fault on purpose.
suite=(--test c_programs --test credentials_sources)
examples=(--test examples --test example_loops --test example_stream --test example_upload --test sanitizers)

# build SANITIZER: a library with a sanitizer in it, which is tested from then on.
build() {
    # Its compiler is the one that has these sources.
    scripts/cross-setup.sh
    local home=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}
    local apart=$target/sanitize/$1 machine=x86_64-unknown-linux-gnu
    RUSTC=$home/rustc/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1 -Cdebuginfo=1" \
        cargo build --lib -Zbuild-std=std,panic_unwind --target "$machine" --target-dir "$apart"
    export OSSUP_TEST_LIBRARY=$apart/$machine/debug/libossup.so
}

# cpp_of COMPILER: the one for C++ that belongs to one for C.
cpp_of() { case $1 in gcc) echo g++ ;; *) echo "$1++" ;; esac; }

# with_address COMPILER TESTS...: without the tests of the other sanitizer.
with_address() {
    local compiler=$1
    shift
    export OSSUP_TEST_SANITIZERS="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
    # Programs know by the runner that their memory is watched already.
    CC=$compiler CXX=$(cpp_of "$compiler") OSSUP_TEST_RUNNER="env ASAN_OPTIONS=detect_stack_use_after_return=1" \
        cargo test --no-fail-fast "$@" -- --skip thread::
    # These give every function something, and free nothing of what they got.
    CC=$compiler OSSUP_TEST_RUNNER="env ASAN_OPTIONS=detect_leaks=0" \
        cargo test --no-fail-fast --test null_arguments --test forked
}

case "$*" in
"programs gcc" | "programs clang")
    with_address "$2" "${suite[@]}"
    ;;
address)
    build address
    for compiler in gcc clang; do with_address "$compiler" "${suite[@]}" --test cpp_programs "${examples[@]}"; done
    ;;
thread)
    build thread
    CC=clang OSSUP_TEST_SANITIZERS="-fsanitize=thread tests/sanitizers/memory.c" \
        OSSUP_TEST_RUNNER="env TSAN_OPTIONS=suppressions=$PWD/tests/sanitizers/races.txt" \
        cargo test --no-fail-fast "${suite[@]}" "${examples[@]}" -- --skip address::
    ;;
*)
    sed -n '3,5s/^# //p' "$0" >&2
    exit 2
    ;;
esac
