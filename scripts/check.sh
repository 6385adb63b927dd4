#!/usr/bin/env bash
# What can be said about the code without running it: format, lints, documentation, C warnings.
set -euo pipefail
cd "$(dirname "$0")/.."

# First, as it alone says that a lock file is behind: others would renew it.
scripts/deny.sh rules
cargo fmt --all --check
cargo clippy --workspace --all-targets -- -D warnings
scripts/oldest.sh
# What no other build has.
cargo clippy --features forced-panics --test panics -- -D warnings
# Not among all targets, as it is run by hand alone.
cargo clippy --test live -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

compilers=()
for compiler in gcc clang; do
    if command -v "$compiler" >/dev/null; then compilers+=("$compiler"); fi
done
if [ ${#compilers[@]} -eq 0 ]; then compilers=("${CC:-cc}"); fi
for compiler in "${compilers[@]}"; do
    for source in examples/c/*.c tests/c/*.c tests/sanitizers/*.c tests/torture/*.c benches/*.c benches/link/*.c tests/link/*.c \
        tests/conformance/drivers/c/*.c; do
        "$compiler" -std=c99 -Wall -Wextra -Wpedantic -Werror -Iinclude -Itests/c -fsyntax-only "$source"
    done
    echo "C is clean under $compiler"
done

# The binding for C++ in all its versions, with exceptions and without.
compilers=()
for compiler in g++ clang++; do
    if command -v "$compiler" >/dev/null; then compilers+=("$compiler"); fi
done
if [ ${#compilers[@]} -eq 0 ]; then compilers=("${CXX:-c++}"); fi
strict=(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Wcast-align
    -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Werror -Iinclude -Ibindings/cpp -fsyntax-only)
for compiler in "${compilers[@]}"; do
    for standard in c++17 c++20 c++2b; do
        "$compiler" "-std=$standard" "${strict[@]}" -x c++ bindings/cpp/ossup.hpp
        "$compiler" "-std=$standard" "${strict[@]}" -fno-exceptions -Itests/cpp tests/cpp/without_exceptions.cpp
    done
    for source in examples/cpp/*.cpp bindings/cpp/conformance/*.cpp; do
        "$compiler" -std=c++17 "${strict[@]}" "$source"
    done
    echo "C++ is clean under $compiler"
done
# Each header stands alone.
for header in bindings/cpp/ossup/*.hpp; do
    "${compilers[0]}" -std=c++17 "${strict[@]}" -x c++ - <<<"#include \"$PWD/$header\""
done

if command -v clang-tidy >/dev/null; then
    # What it looks for is in bindings/cpp/.clang-tidy.
    clang-tidy --quiet --warnings-as-errors='*' --header-filter='bindings/cpp/.*' bindings/cpp/conformance/driver.cpp \
        -- -std=c++17 -Iinclude -Ibindings/cpp
    echo "C++ is tidy"
elif [ "${CI:-}" = true ]; then
    echo "there is no clang-tidy" >&2
    exit 1
fi

if command -v doxygen >/dev/null; then scripts/docs.sh; fi

if command -v go >/dev/null; then
    unformatted=$(gofmt -l bindings/go examples/go tests/clients/go benches/peers/go)
    if [ -n "$unformatted" ]; then
        echo "gofmt would change $unformatted"
        exit 1
    fi
    PKG_CONFIG_PATH=$(scripts/pkg-config.sh)
    export PKG_CONFIG_PATH
    go -C bindings/go vet ./...
    go -C examples/go vet ./...
    for module in bindings/go examples/go; do
        go -C "$module" run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -checks all ./...
    done
    go -C tests/clients/go vet ./...
    go -C tests/clients/go vet ../../../benches/peers/go/upload.go
    echo "Go is clean"
fi

if command -v mvn >/dev/null; then
    mvn --quiet --batch-mode --file bindings/java/pom.xml -Dbuilt="$(realpath -m "${CARGO_TARGET_DIR:-target}")/errorprone" \
        -Perrorprone test-compile
    echo "Java is clean"
fi
