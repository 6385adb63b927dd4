#!/usr/bin/env bash
# The C programs under sanitizers.
# Usage: sanitize.sh programs [COMPILER]   those in the programs alone, with gcc or clang, and the library as it is
#        sanitize.sh address               AddressSanitizer in the library, too, and in Rust's standard library
#        sanitize.sh thread                ThreadSanitizer in all of them
# The last two build the library apart, by a compiler that comes with the sources of its standard library: Debian 12, as root.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
unset OSSUP_TEST_LIBRARY
# Programs know by it that their memory is watched already.
export OSSUP_TEST_RUNNER="env ASAN_OPTIONS=detect_stack_use_after_return=1"

in_programs="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
# Those that upload, by every handle.
suite=(--test c_programs --test credentials_sources --test examples --test sanitizers)

# build SANITIZER: a library with a sanitizer in it, at $library.
build() {
    # Its compiler is the one that has these sources.
    scripts/windows-setup.sh
    local home=${OSSUP_WINDOWS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-windows}
    local apart=$target/sanitize/$1 machine=x86_64-unknown-linux-gnu
    RUSTC=$home/rustc/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1 -Cdebuginfo=1" \
        cargo build --lib -Zbuild-std=std,panic_unwind --target "$machine" --target-dir "$apart"
    library=$apart/$machine/debug/libossup.so
}

case ${1:-} in
programs)
    CC=${2:-gcc} OSSUP_TEST_SANITIZERS=$in_programs \
        cargo test --no-fail-fast "${suite[@]}" -- --skip thread::
    ;;
address)
    build address
    for compiler in gcc clang; do
        CC=$compiler OSSUP_TEST_LIBRARY=$library OSSUP_TEST_SANITIZERS=$in_programs \
            cargo test --no-fail-fast "${suite[@]}" -- --skip thread::
    done
    ;;
thread)
    build thread
    CC=clang OSSUP_TEST_LIBRARY=$library OSSUP_TEST_SANITIZERS="-fsanitize=thread -g tests/sanitizers/memory.c" \
        OSSUP_TEST_RUNNER="env TSAN_OPTIONS=suppressions=$PWD/tests/sanitizers/races.txt" \
        cargo test --no-fail-fast "${suite[@]}" -- --skip address::
    ;;
*)
    sed -n 's/^# Usage: /usage: /p' "$0" >&2
    exit 2
    ;;
esac
