#!/usr/bin/env bash
# Builds what is measured and what measures it, into target/benches.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
programs=$target/benches

scripts/examples.sh
cargo build --release --package oss-server

# compile NAME SOURCE... [LINKER OPTION...]
compile() {
    local name=$1
    shift
    "${CC:-cc}" -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude "$@" -o "$programs/$name"
}

mkdir -p "$programs"
compile measure benches/measure.c
compile link benches/link/*.c
compile raw_send benches/raw_send.c benches/http.c benches/sign_v1.c -pthread
# shellcheck disable=SC2016 # $ORIGIN is for the loader
compile ossup_upload benches/ossup_upload.c -L"$target/release" -lossup -Wl,-rpath,'$ORIGIN/../release'
