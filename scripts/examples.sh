#!/usr/bin/env bash
# Builds the library and puts the examples where they run in place: target/examples/<language>/<name>.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}

version=$(sed -n 's/^version = "\([0-9]*\.[0-9]*\)\..*/\1/p' Cargo.toml | head -n 1)

scripts/install.sh build
# The loader asks for the library by the name that bears its version.
ln -sf libossup.so "$target/release/libossup.so.$version"

mkdir -p "$target/examples/c"
for source in examples/c/*.c; do
    # shellcheck disable=SC2016 # $ORIGIN is for the loader
    "${CC:-cc}" -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude "$source" \
        -o "$target/examples/c/$(basename "$source" .c)" \
        -L"$target/release" -lossup -Wl,-rpath,'$ORIGIN/../../release'
done
