#!/usr/bin/env bash
# cross-build.sh TARGET: builds the library for one of rustc's targets, as it is shipped, into target/cross/TARGET/release.
# Two builds of the same sources are the same bytes, wherever they lie, and have no path of this machine in them.
# scripts/cross-setup.sh TARGET comes before.
set -euo pipefail
cd "$(dirname "$0")/.."
export OSSUP_TARGET=$1
export OSSUP_CROSS_HOME=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}
name=${OSSUP_TARGET//-/_}
built=${CARGO_TARGET_DIR:-target}/cross

case $OSSUP_TARGET in
    *-windows-*)
        OSSUP_LINKER=x86_64-w64-mingw32-gcc-posix
        archiver=x86_64-w64-mingw32-ar
        flags=-Clink-arg=-Wl,--no-insert-timestamp
        ;;
    *)
        OSSUP_LINKER=$PWD/scripts/cross/zig.sh
        archiver="ar"
        flags=
        ;;
esac
# A library that brings its own C library along could not be loaded.
case $OSSUP_TARGET in *-musl) flags=-Ctarget-feature=-crt-static ;; esac

# They would go before the target's own, and compile C as somebody else wants it.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET CFLAGS CXXFLAGS CPPFLAGS TARGET_CFLAGS HOST_CFLAGS
# Nothing that is built bears a time, and all would be built anew for another one.
unset SOURCE_DATE_EPOCH
export RUSTC=$OSSUP_CROSS_HOME/rustc/bin/rustc
# Sources have their paths once they were fetched.
cargo fetch --quiet --locked --target "$OSSUP_TARGET"
OSSUP_PATHS=$(scripts/cross/paths.sh)
readarray -t paths <<<"$OSSUP_PATHS"
export OSSUP_LINKER OSSUP_PATHS RUSTC_WRAPPER="$PWD/scripts/cross/rustc.sh"
# A space in a path ends no word.
CFLAGS=$(printf '%q ' "${paths[@]/#/-ffile-prefix-map=}")
export "CC_$name=$OSSUP_LINKER" "AR_$name=$archiver" "CFLAGS_$name=$CFLAGS" CC_SHELL_ESCAPED_FLAGS=1
export "CARGO_TARGET_${name^^}_RUSTFLAGS=$flags"

scripts/cross/renew.sh "$OSSUP_TARGET" "$built"
# What only Rust needs is left out, or nothing would be optimized as a whole.
cargo rustc --quiet --lib --release --locked --target "$OSSUP_TARGET" --target-dir "$built" --crate-type cdylib,staticlib
case $OSSUP_TARGET in *-musl) scripts/cross/unwinder.sh "$built/$OSSUP_TARGET/release/libunwind.a" ;; esac
