#!/usr/bin/env bash
# Compiles everything with the oldest compiler that Cargo.toml allows, where the one in use is a newer one.
set -euo pipefail
cd "$(dirname "$0")/.."

stated=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
case $(rustc --version) in
"rustc $stated."*)
    echo "rustc $stated is in use"
    exit
    ;;
esac

oldest=
if command -v rustup >/dev/null; then oldest=$(rustup toolchain list | sed -n "s/^\(${stated}[.0-9]*\).*/\1/p" | tail -n 1); fi
if [ -n "$oldest" ]; then
    cargo "+$oldest" check --locked --workspace --all-targets
    echo "rustc $oldest compiles everything"
elif [ "${CI:-}" = true ]; then
    echo "rust-version is $stated, and there is no such compiler to test it with" >&2
    exit 1
else
    echo "not compiled with rustc $stated: it is not here"
fi
