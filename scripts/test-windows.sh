#!/usr/bin/env bash
# The library for Windows, run under Wine: its own tests, whole uploads, and programs in C that load the DLL.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost

scripts/windows-setup.sh
. "${OSSUP_WINDOWS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-windows}/env.sh"
# Another compiler than the one that builds for this machine, so a folder of its own.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/windows
built=$CARGO_TARGET_DIR/$CARGO_BUILD_TARGET/debug

. scripts/json.sh

say() { printf '== %s\n' "$*"; }
fail() { printf 'test-windows: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Wine has no way to trust the system and further authorities at once: what needs it is left out, by name.
test_in_rust() {
    local uploads=(resume records record_torture recovery tokens many_parts upload faults uncertain options credentials transport trust)
    local beyond_wine=(
        https_with_a_ca_of_the_callers
        a_refusal_before_the_body_was_read_is_heard
        a_private_authority_is_trusted_when_it_is_given
        a_text_may_begin_with_a_byte_order_mark
        bad_certificates_are_final_and_told_apart
    )
    cargo test --lib "${uploads[@]/#/--test=}" -- "${beyond_wine[@]/#/--skip=}"
}

tables() { x86_64-w64-mingw32-objdump --private-headers "$built/ossup.dll"; }

check_imports() {
    local imports foreign
    imports=$(tables | sed -n 's/^\tDLL Name: //p')
    [ -n "$imports" ] || fail "the DLL imports nothing"
    foreign=$(sed -E '/^(advapi32|bcrypt|bcryptprimitives|crypt32|kernel32|msvcrt|ntdll|userenv|ws2_32|api-ms-win-core-.*)\.dll$/Id' <<<"$imports")
    [ -z "$foreign" ] || fail "the DLL also needs $foreign"
}

check_exports() {
    tables | sed -n '/^\[Ordinal\/Name Pointer\] Table/,/^$/s/^\t\[ *[0-9]*\] //p' | LC_ALL=C sort >"$work/exports"
    LC_ALL=C sort -c abi/symbols-windows.txt
    diff abi/symbols-windows.txt "$work/exports" || fail "the DLL exports others"
}

start_server() {
    # So slow that tests/c/upload.c can stop what is on its way.
    local slow='{"when":{"operation":"UploadPart","key":"upload/slow"},"then":{"kind":"throttle","bytes_per_s":400000}}' line
    coproc server { exec "$WINE" "$built/oss-server.exe" --bucket bucket --fault "$slow" --until-stdin-closes; }
    read -r line <&"${server[0]}" || fail "the stand-in did not start"
    OSSUP_TEST_ENDPOINT=$(field endpoint "$line")
    admin=$(field admin "$line")
    export OSSUP_TEST_ENDPOINT
}

stop_server() {
    local pid=$server_PID
    eval "exec ${server[1]}>&-"
    wait "$pid"
}

# program SOURCE LIBRARY...: compiles a program and runs it.
program() {
    local source=$1
    shift
    x86_64-w64-mingw32-gcc-posix -std=c99 -Wall -Wextra -Wpedantic -Werror -static -Iinclude -Itests/c \
        -o "$work/program.exe" "$source" "$@"
    OSSUP_TEST_DIR="Z:$work" "$WINE" "$work/program.exe" || fail "$source failed with exit status $?"
}

run_programs() {
    cp "$built/ossup.dll" "$work/"
    for name in header library config client request upload result error; do
        program "tests/c/$name.c" "$built/libossup.dll.a" -lpthread
    done
    program tests/windows/upload.c "$built/libossup.dll.a"
    "$WINE" "$built/oss-server.exe" ask "$admin/-/object?bucket=bucket&key=windows/%E6%96%87%E4%BB%B6.bin" >"$work/object"
    cmp "$work/made.bin" "$work/object" || fail "the object is not the file"
    program tests/windows/unload.c
}

say "Rust tests"
test_in_rust
say "the DLL"
cargo build --lib
check_imports
check_exports
say "C programs"
cargo build --package oss-server
start_server
run_programs
stop_server
say "passed"
