#!/usr/bin/env bash
# The bindings, each against the stand-in: they do what tests/conformance.md names, and what their languages fear besides.
# What this machine lacks is left out by name; with CI=true nothing is. JVM names another java than Maven's own.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
built=$target/debug
work=$target/conformance
mkdir -p "$work"

say() { printf '== %s\n' "$*"; }
fail() { printf 'conformance: %s\n' "$*" >&2; exit 1; }

build() {
    cargo build --quiet --lib --package ossup
    cargo build --quiet --package oss-server
    export OSS_SERVER=$built/oss-server
    local version
    version=$(sed -n 's/^version = "\([0-9]*\.[0-9]*\)\..*/\1/p' Cargo.toml | head -n 1)
    # The loader asks for the library by the name that bears its version.
    ln -sf libossup.so "$built/libossup.so.$version"
}

# told LOG COMMAND...: runs it, and shows what it said if it fails.
told() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 || { cat "$log"; return 1; }
}

# sentences: the names of the scenarios, as the table has them.
sentences() { sed -n '/^|---/,$s/^| \([^|]*\) |.*/\1/p' tests/conformance.md; }

# joined: a sentence in one word, in camel case.
joined() { sed -E 's/ (.)/\U\1/g'; }

# complete LANGUAGE NAMES: each scenario is among the names of the tests that passed.
complete() {
    local missing
    missing=$(sentences | joined | sort | comm -23 - <(sort -u "$2"))
    [ -z "$missing" ] || fail "$1 has no test that passes of:"$'\n'"$missing"
}

test_go() {
    PKG_CONFIG_PATH=$(scripts/pkg-config.sh "$built")
    export PKG_CONFIG_PATH
    told "$work/go.log" go -C bindings/go test -count=1 -timeout=5m -race -v . || fail "Go's tests failed"
    # With a collection at every moment, and every pointer that goes to C looked at.
    told "$work/go-hard.log" env GOGC=1 GOEXPERIMENT=cgocheck2 go -C bindings/go test -count=1 -timeout=5m . ||
        fail "Go's tests failed where pointers are watched"
    sed -n 's/^--- PASS: Test\(.\)\([^ ]*\).*/\L\1\E\2/p' "$work/go.log" >"$work/go.names"
    complete Go "$work/go.names"
}

run_maven() {
    local log=$1
    shift
    told "$log" mvn --batch-mode --file bindings/java/pom.xml -Dbuilt="$work/java" -Dossup.library="$built/libossup.so" \
        ${JVM:+-Djvm="$JVM"} "$@" ||
        if grep -qE 'Could not (transfer|resolve)|Unknown host|Cannot access' "$log"; then
            fail "Maven can ask no registry for what is missing here, so Java was not tested"
        else
            fail "Java's tests failed"
        fi
}

# What -Xcheck:jni warns of when JNA itself is loaded is JNA's own.
check_jni() {
    local warned
    warned=$(awk '/^(WARNING|FATAL ERROR) in native|^WARNING: JNI/ { what = $0; getline; if (!/NativeLibraries\.load/) print what }' "$1")
    [ -z "$warned" ] || fail "$warned: see $1"
}

test_java() {
    run_maven "$work/java.log" test
    check_jni "$work/java.log"
    sed -n 's/.*<testcase name="\([^"]*\)".*/\1/p' "$work"/java/surefire-reports/*.xml >"$work/java.names"
    complete Java "$work/java.names"
}

# The table's other column: a file, and a test in it.
check_table() {
    local file name
    while read -r file name; do
        grep -q "[ *]$name(" "$file" || fail "tests/conformance.md names $name, which $file has not"
    done < <(sed -nE 's/^\|.*\| (tests[^ ]*) `([^`]*)` \|$/\1 \2/p' tests/conformance.md)
}

# with TOOL FUNCTION: runs it where the tool is there.
with() {
    local began=$SECONDS
    if command -v "$1" >/dev/null; then
        "$2"
        say "$2 passed ($((SECONDS - began)) s)"
    elif [ "${CI:-}" = true ]; then
        fail "there is no $1"
    else
        say "$2 left out: there is no $1"
    fi
}

build
check_table
with go test_go
with mvn test_java
