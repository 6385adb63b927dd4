#!/usr/bin/env bash
# The library in every language, against the stand-in: the scenarios of tests/conformance.md with each language's driver, and
# before them what the languages' own tests look at. What this machine lacks is left out by name; with CI=true nothing is.
# OSSUP_CONFORMANCE="c go" asks for some languages alone; JVM names another java than Maven's own.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
built=$target/debug
work=$target/conformance
mkdir -p "$work"
wanted=${OSSUP_CONFORMANCE:-all}
if [ "$wanted" = all ]; then wanted="c go java cpp rust"; fi
languages=()

say() { printf '== %s\n' "$*"; }
fail() { printf 'conformance: %s\n' "$*" >&2; exit 1; }

build() {
    # With a test, so that what they depend on is built as for the tests, and not once more for each.
    cargo build --quiet --workspace --lib --bins --test conformance
    export OSS_SERVER=$built/oss-server
    PKG_CONFIG_PATH=$(scripts/pkg-config.sh "$built")${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
    export PKG_CONFIG_PATH
}

# told LOG COMMAND...: runs it, and shows what it said if it fails.
told() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 || { cat "$log"; return 1; }
}

# Whole tests of C and Rust are in `make test`; their drivers need no more than the harness does.
in_c() { :; }
in_rust() { :; }

in_cpp() {
    local flags
    read -ra flags <<<"$(pkg-config --cflags --libs ossup)"
    export OSSUP_DRIVER_CPP=$work/driver-cpp
    "${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror -pthread -Ibindings/cpp bindings/cpp/conformance/*.cpp "${flags[@]}" \
        -o "$OSSUP_DRIVER_CPP" || fail "the driver in C++ does not compile"
}

in_go() {
    told "$work/go.log" go -C bindings/go test -count=1 -timeout=5m -race ./... || fail "Go's tests failed"
    # Ten thousand uploads, with a collection at every moment, and every pointer that goes to C looked at.
    told "$work/go-hard.log" env GOGC=1 GOEXPERIMENT=cgocheck2 OSSUP_TEST_UPLOADS=10000 go -C bindings/go test -count=1 -timeout=5m ./... ||
        fail "Go's tests failed where pointers are watched"
    export OSSUP_DRIVER_GO=$work/driver-go
    go -C bindings/go build -o "$OSSUP_DRIVER_GO" ./internal/conformance || fail "the driver in Go does not compile"
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

# What -Xcheck:jni warns of when JNA itself is loaded is JNA's own. Other output may come in between.
check_jni() {
    local warned
    warned=$(awk '
        /^(WARNING|FATAL ERROR) in native|^WARNING: JNI/ { what = $0; next }
        what && /^\tat / { if (!/NativeLibraries\.load/) print what; what = "" }
        END { if (what) print what }
    ' "$1")
    [ -z "$warned" ] || fail "$warned: see $1"
}

# The newest Java of this machine: its number, its path.
newest_java() {
    local java
    for java in /usr/lib/jvm/*/bin/java; do
        "$java" -version 2>&1 | sed -n "s|^openjdk version \"\([0-9]*\).*|\1 $java|p"
    done | sort -n | tail -n 1
}

# Where that is another than Maven's, most of it once more: what takes long and is no matter of Java's age is left out.
test_on_newest_java() {
    local number java
    read -r number java <<<"$(newest_java)"
    if [ -n "${JVM:-}" ] || [ -z "$java" ] || mvn --version | grep -q "^Java version: $number\."; then return; fi
    run_maven "$work/java-newest.log" -Djvm="$java" -Dtest='!ExamplesTest,!HostTest#tenThousand*' test
    check_jni "$work/java-newest.log"
    say "java $number, too"
}

in_java() {
    run_maven "$work/java.log" test
    check_jni "$work/java.log"
    test_on_newest_java
    export OSSUP_DRIVER_JAVA=$work/driver-java
    local classes=$work/java/classes:$work/java/test-classes
    # A machine that starts fast, and whose default encoding must not matter.
    cat >"$OSSUP_DRIVER_JAVA" <<EOF
#!/bin/sh
exec "${JVM:-java}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dfile.encoding=GBK -Dossup.library="$built/libossup.so" -cp "$classes:$(cat "$work/java/class-path")" io.ossup.conformance.Driver "\$@"
EOF
    chmod +x "$OSSUP_DRIVER_JAVA"
}

# with LANGUAGE TOOL: what belongs to a language, where the tool is there and the language is asked for.
with() {
    local began=$SECONDS
    case " $wanted " in *" $1 "*) ;; *) return ;; esac
    if command -v "$2" >/dev/null; then
        "in_$1"
        languages+=("$1")
        say "$1 is ready ($((SECONDS - began)) s)"
    elif [ "${CI:-}" = true ]; then
        fail "there is no $2"
    else
        say "$1 left out: there is no $2"
    fi
}

build
with c "${CC:-cc}"
with cpp "${CXX:-c++}"
with go go
with java mvn
with rust cargo
OSSUP_CONFORMANCE="${languages[*]}" cargo test --quiet --workspace --test conformance
