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
builder=
clean_up() {
    if [ -n "$builder" ]; then
        kill -- "-$builder" 2>/dev/null || true
        wait "$builder" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

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

# tested NAME ARGUMENT...: runs tests, and notes how many had something to run: what a target cannot have, its test says.
tested() {
    local name=$1 counts
    shift
    cargo test --quiet "$@" 2>&1 | tee "$work/log"
    counts=$(sed -nE 's/^test result: ok\. ([0-9]+) (passed|scenarios).*/\1/p' "$work/log")
    case $'\n'$counts$'\n' in *$'\n0\n'* | $'\n\n') fail "no test ran: cargo test $*" ;; esac
    echo "$((${counts//$'\n'/+} - $(sed -n '/ is left out: /p' "$work/log" | wc -l)))" >"$work/$name"
}

# Programs in C, and what looks whether one is missing.
programs() {
    tested "$@" -- --show-output --skip nothing_is_left_out_without_need --skip no_program_is_forgotten
}

# An old glibc that is not there would be this machine's.
glibc_is_old() {
    local runner version
    read -ra runner <<<"$OLD_GLIBC"
    OSSUP_TARGET=$1 scripts/cross/zig.sh "$PWD/tests/library_facts/glibc.c" -o "$work/glibc"
    version=$("${runner[@]}" "$work/glibc")
    grep -q "^| \`$1\` .*| glibc $version, and " docs/PLATFORMS.md || fail "docs/PLATFORMS.md names another glibc than $version"
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
            glibc_is_old "$target"
            OSSUP_TARGET=$target OSSUP_TEST_CC=scripts/cross/zig.sh OSSUP_TEST_RUNNER=$OLD_GLIBC programs programs --test c_programs
            ;;
        *-windows-*)
            programs programs --test c_programs --test windows_programs --test null_arguments
            tested forgotten --test windows_programs no_program_is_forgotten
            ;;
        *) programs programs --test c_programs ;;
    esac
    tested needs --test c_programs nothing_is_left_out_without_need
    case $target in *-musl) tested unloading --test loading unloaded ;; esac
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
scripts/tools.sh
scripts/cross-setup.sh "${targets[@]}"
cargo test --quiet --no-run --test library_facts --test shipped --test c_programs --test windows_programs --test null_arguments --test loading --test conformance
mkfifo "$work/built"
# In a group of its own, so that it ends with all that it started.
set -m
build >"$work/built" </dev/null &
builder=$!
set +m
while read -r target <&3; do
    say "$target"
    test_target "$target"
done 3<"$work/built"
wait "$builder"
builder=
printf '\n| target | stripped | tests of programs in C | scenarios |\n|---|---|---|---|\n'
cat "$work/table"
[ "$(wc -l <"$work/table")" -eq ${#targets[@]} ] || fail "not all was built"
say "what is handed out"
export OSSUP_DIST_TARGETS="${targets[*]}"
scripts/dist.sh
scripts/test-dist.sh
