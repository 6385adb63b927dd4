#!/usr/bin/env bash
# unwinder.sh LIBRARY.a: makes a static library of zig's unwinder for OSSUP_TARGET. Compilers for musl need not have one that fits:
# that of Debian is for glibc.
set -euo pipefail
library=$(realpath "$1")
zig=$(realpath "$(dirname "$0")/zig.sh")
from=$OSSUP_CROSS_HOME/zig/ziglang/lib/libunwind
# Beside it, so that whoever builds at the same time finds a whole one.
work=$(mktemp -d --tmpdir="$(dirname "$library")")
trap 'rm -rf "$work"' EXIT

for source in libunwind.cpp UnwindLevel1.c UnwindLevel1-gcc-ext.c UnwindRegistersSave.S UnwindRegistersRestore.S; do
    "$zig" -c -O2 -g0 -fPIC -DNDEBUG -D_LIBUNWIND_IS_NATIVE_ONLY -fno-exceptions -fno-rtti -funwind-tables -fno-sanitize=all \
        -I"$from/include" "$from/src/$source" -o "$work/${source%.*}.o"
done
ar rcsD "$work/whole.a" "$work"/*.o
mv "$work/whole.a" "$library"
