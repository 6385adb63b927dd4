#!/usr/bin/env bash
# zig as a compiler and a linker for OSSUP_TARGET, one of rustc's targets. It has the C libraries of all of them, and can link to
# what an old glibc has. It does not know all words that rustc says to linkers.
case $OSSUP_TARGET in
    *-gnu) zig_target=${OSSUP_TARGET/-unknown/}.2.17 ;;
    *) zig_target=${OSSUP_TARGET/-unknown/} ;;
esac
arguments=()
folder=/
for argument in "$@"; do
    case $argument in
        # The target is named already, and a workaround for old processors is not there.
        --target=* | -m64 | -Wl,--fix-cortex-a53-843419) ;;
        # What is to be exported is all there.
        -Wl,--no-undefined-version) ;;
        *) arguments+=("$argument") ;;
    esac
    # What is compiled is named from where it lies, what is linked by whole paths.
    if [ "$argument" = -c ]; then folder=.; fi
done
# When it links, it compiles parts of its own along, and writes into them where they were and where it was: places that are the
# same everywhere.
cd "$folder" || exit
exec 9<"$OSSUP_CROSS_HOME/zig/ziglang"
export ZIG_LIB_DIR=/proc/self/fd/9/lib ZIG_GLOBAL_CACHE_DIR=$OSSUP_CROSS_HOME/zig/parts
exec "$OSSUP_CROSS_HOME/zig/ziglang/zig" cc -target "$zig_target" "${arguments[@]}"
