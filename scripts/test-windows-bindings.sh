#!/usr/bin/env bash
# The bindings on the library for Windows, under Wine: programs and examples in C++, Go's tests and an example, and the
# scenarios in both. OSSUP_TEST_LIBRARY is the DLL, with its import library beside it; scripts/cross-setup.sh
# x86_64-pc-windows-gnu comes before.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
export OSSUP_CROSS_HOME=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}
# shellcheck source=/dev/null
. "$OSSUP_CROSS_HOME/x86_64-pc-windows-gnu.env"
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
: "${OSSUP_TEST_LIBRARY:=$target/cross/$OSSUP_TEST_TARGET/release/ossup.dll}"
OSSUP_TEST_LIBRARY=$(realpath "$OSSUP_TEST_LIBRARY")
export OSSUP_TEST_LIBRARY
built=$(dirname "$OSSUP_TEST_LIBRARY")

. scripts/json.sh

say() { printf '== %s\n' "$*"; }
fail() { printf 'test-windows-bindings: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$OSSUP_TEST_LIBRARY" "$work/"

# A stand-in that Windows programs can start, built as the tests in Rust are: scripts/test-windows.sh.
build_stand_in() {
    local name=${OSSUP_TEST_TARGET//-/_}
    env "RUSTC=$OSSUP_CROSS_HOME/rustc/bin/rustc" "CARGO_TARGET_${name^^}_LINKER=$CC" "CC_$name=$CC" CARGO_PROFILE_DEV_DEBUG=0 \
        cargo build --quiet --package oss-server --target "$OSSUP_TEST_TARGET" --target-dir "$target/windows"
}

in_cpp() {
    cargo test --quiet --test cpp_programs --test cpp_examples
    export OSSUP_DRIVER_CPP=$work/driver-cpp.exe
    "$CXX" -std=c++17 -Wall -Wextra -Wpedantic -Werror -static -Iinclude -Ibindings/cpp -o "$OSSUP_DRIVER_CPP" \
        bindings/cpp/conformance/*.cpp "$built/libossup.dll.a"
}

# Go remembers what pkg-config once said; by the flag it knows that it is another library.
go_for_windows() { GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=$CC CGO_LDFLAGS=-L$built go "$@"; }

in_go() {
    PKG_CONFIG_PATH=$(scripts/pkg-config.sh "$built")
    export PKG_CONFIG_PATH
    go_for_windows -C bindings/go vet ./...
    go_for_windows -C bindings/go test -c -o "$work/tests.exe" .
    (
        cd bindings/go
        OSS_SERVER=Z:$target/windows/$OSSUP_TEST_TARGET/debug/oss-server.exe "$WINE" "$work/tests.exe" -test.timeout=10m
    ) || fail "Go's tests failed"
    go_for_windows -C examples/go build -o "$work/" ./...
    upload_in_go
    export OSSUP_DRIVER_GO=$work/driver-go.exe
    go_for_windows -C bindings/go build -o "$OSSUP_DRIVER_GO" ./internal/conformance
}

# The example as it is, its paths as Windows has them.
upload_in_go() {
    local line pid endpoint admin
    coproc server { exec "$target/debug/oss-server" --bucket bucket --until-stdin-closes; }
    pid=$server_PID
    read -r line <&"${server[0]}" || fail "the stand-in did not start"
    endpoint=$(field endpoint "$line")
    admin=$(field admin "$line")
    head -c 1000000 /dev/urandom >"$work/made.bin"
    OSS_ACCESS_KEY_ID=ak OSS_ACCESS_KEY_SECRET=sk "$WINE" "$work/upload.exe" "$endpoint" cn-hangzhou bucket made "Z:$work/made.bin" ||
        fail "the example in Go failed"
    "$target/debug/oss-server" ask "$admin/-/object?bucket=bucket&key=made" >"$work/object"
    cmp "$work/made.bin" "$work/object" || fail "the object is not the file"
    eval "exec ${server[1]}>&-"
    wait "$pid"
}

say "C++"
in_cpp
say "Go"
cargo build --quiet --package oss-server
build_stand_in
in_go
say "the scenarios"
OSSUP_CONFORMANCE="cpp go" cargo test --quiet --test conformance
say "passed"
