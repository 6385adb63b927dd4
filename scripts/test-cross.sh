#!/usr/bin/env bash
# test-cross.sh [TARGET]...: the library as it is shipped, for all of rustc's targets or for some: built, looked at, and run
# where it is to run, with the programs in C and the scenarios. The stand-in and what compares are this machine's.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
export OSSUP_CROSS_HOME=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}
targets=("$@")
if [ $# -eq 0 ]; then
    targets=(x86_64-pc-windows-gnu x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-unknown-linux-musl)
fi
built=${CARGO_TARGET_DIR:-target}/cross
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '== %s\n' "$*"; }
fail() { printf 'test-cross: %s\n' "$*" >&2; exit 1; }

# One is built while the one before is tested.
build() {
    local target
    for target in "${targets[@]}"; do
        scripts/cross-build.sh "$target" >"$work/build" 2>&1 || { cat "$work/build" >&2; return; }
        echo "$target"
    done
}

# tested NAME ARGUMENT...: runs tests, and notes how many there were.
tested() {
    local name=$1
    shift
    cargo test --quiet "$@" 2>&1 | tee "$work/log"
    sed -nE 's/^test result: ok\. ([0-9]+) (passed|scenarios).*/\1/p' "$work/log" | tail -n 1 >"$work/$name"
}

test_target() (
    local target=$1
    # shellcheck source=/dev/null
    . "$OSSUP_CROSS_HOME/$target.env"
    case $target in
        *-windows-*) OSSUP_TEST_LIBRARY=$built/$target/release/ossup.dll ;;
        *) OSSUP_TEST_LIBRARY=$built/$target/release/libossup.so ;;
    esac
    export OSSUP_TEST_LIBRARY
    tested facts --test library_facts --test shipped
    case $target in
        # Under the oldest glibc that can be had; the scenarios, under this machine's.
        x86_64-unknown-linux-gnu)
            OSSUP_TARGET=$target OSSUP_TEST_CC=scripts/cross/zig.sh OSSUP_TEST_RUNNER=$OLD_GLIBC tested programs --test c_programs
            ;;
        *) tested programs --test c_programs ;;
    esac
    case $target in
        *-musl) tested unloading --test loading unloaded ;;
        *-windows-*) tested windows --test windows_programs --test null_arguments ;;
    esac
    OSSUP_CONFORMANCE=c tested scenarios --test conformance
    # What these say is their own, and counts in no column.
    case $target in *-windows-*) scripts/test-windows-bindings.sh ;; esac
    "$STRIP" -o "$work/stripped" "$OSSUP_TEST_LIBRARY"
    row "$target" >>"$work/table"
)

# What was found, as the table of docs/PLATFORMS.md has it.
row() {
    local size
    size=$(du --apparent-size --block-size=K "$work/stripped" | cut -f 1)
    echo "| \`$1\` | $size | $(cat "$work/programs") | $(cat "$work/scenarios") |"
}

say "what builds and runs them"
scripts/cross-setup.sh "${targets[@]}"
cargo test --quiet --no-run --test library_facts --test shipped --test c_programs --test windows_programs --test null_arguments --test loading --test conformance
while read -r target <&3; do
    say "$target"
    test_target "$target"
done 3< <(build)
printf '\n| target | stripped | tests of programs in C | scenarios |\n|---|---|---|---|\n'
cat "$work/table"
[ "$(wc -l <"$work/table")" -eq ${#targets[@]} ] || fail "not all was built"
say "what is handed out"
export OSSUP_DIST_TARGETS="${targets[*]}"
scripts/dist.sh
scripts/test-dist.sh
