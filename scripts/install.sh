#!/usr/bin/env bash
# Puts the library where compilers and loaders look for one, or takes it away again: install.sh build|install|uninstall.
#
#   PREFIX, LIBDIR, INCLUDEDIR, BINDIR   where it will be found: /usr/local, and lib, include and bin in there
#   DESTDIR          stands in front of them while the files are put there, for who makes a package of them
#   RELOCATABLE=1    the files for pkg-config name no folder: they are found wherever the whole is moved
#   TARGET, BUILT    the target and the folder with its libraries; without, this machine's, which is built where it is missing
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

# What a program on this machine is built for.
this_machine() {
    case $(ldd --version 2>&1) in
        *musl*) fail "musl wants what a release has, or TARGET=x86_64-unknown-linux-musl built by scripts/cross-build.sh" ;;
        *) printf '%s-unknown-linux-gnu' "$(uname -m)" ;;
    esac
}

target=${TARGET:-$(this_machine)}
built=$(realpath -m "${BUILT:-${CARGO_TARGET_DIR:-target}/${TARGET:+cross/$TARGET/}release}")
prefix=${PREFIX:-/usr/local}
prefix=${prefix%/}
libdir=${LIBDIR:-$prefix/lib}
includedir=${INCLUDEDIR:-$prefix/include}
bindir=${BINDIR:-$prefix/bin}
for folder in "$prefix/" "$libdir" "$includedir" "$bindir"; do
    case $folder in /*) ;; *) fail "$folder is not an absolute path" ;; esac
    # Nobody could be told of it: what pkg-config says of them, a shell takes for its own.
    case $folder in *['$()']*) fail "$folder has one of \$, ( and ) in it" ;; esac
done

field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" Cargo.toml | head -n 1; }
version=$(field version)
# Before 1.0 every minor version is an interface of its own.
interface=${version%%.*}
if [ "$interface" = 0 ]; then interface=${version%.*}; fi
static_libs=$(sed -n "s/^$target //p" packaging/static-libs.txt)
# With glibc they are the same on all machines.
case $target in *-linux-gnu) static_libs=${static_libs:-$(sed -n 's/^x86_64-unknown-linux-gnu //p' packaging/static-libs.txt)} ;; esac
[ -n "$static_libs" ] || fail "$target is not in packaging/static-libs.txt"

case $target in
    *-windows-*) system=Windows shared=$bindir/ossup.dll tools=x86_64-w64-mingw32- ;;
    *) system=Linux shared=$libdir/libossup.so.$version tools=${target%%-*}-linux-gnu- ;;
esac
case $target in "$(uname -m)"-*-linux-*) tools= ;; esac
# As CMake may call it.
case ${target%%-*} in
    x86_64) processor="x86_64|amd64|AMD64" ;;
    aarch64) processor="aarch64|arm64|ARM64" ;;
    *) processor=${target%%-*} ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Calls a function with each file of an installation: its mode, or "link", its folder and name, and what it is made from.
each_file() {
    local act=$1 header name
    name=$(basename "$shared")
    "$act" 755 "$(dirname "$shared")" "$name" "$work/$name"
    "$act" 644 "$(dirname "$shared")" "$name.debug" "$work/$name.debug"
    if [ $system = Windows ]; then
        "$act" 644 "$libdir" libossup.dll.a "$built/libossup.dll.a"
        "$act" 644 "$libdir" ossup.lib "$work/ossup.lib"
    else
        "$act" link "$libdir" "libossup.so.$interface" "$name"
        "$act" link "$libdir" libossup.so "libossup.so.$interface"
    fi
    "$act" 644 "$libdir" libossup.a "$work/libossup.a"
    for name in ossup.pc ossup-static.pc; do "$act" 644 "$libdir/pkgconfig" $name "$work/$name"; done
    for name in ossup-config.cmake ossup-config-version.cmake; do "$act" 644 "$libdir/cmake/ossup" $name "$work/$name"; done
    for header in include/ossup.h bindings/cpp/ossup.hpp; do "$act" 644 "$includedir" "$(basename $header)" $header; done
    for header in bindings/cpp/ossup/*.hpp; do "$act" 644 "$includedir/ossup" "$(basename "$header")" "$header"; done
}

# What only Rust needs is left out, or nothing would be optimized as a whole.
build() { env -u CARGO_BUILD_TARGET cargo rustc --release --locked --lib --crate-type cdylib,staticlib; }

# Cargo is run by whoever runs it otherwise: root, who installs what was built, needs none.
build_what_is_missing() {
    local library=$built/libossup.a
    if [ -n "${BUILT:-}${TARGET:-}" ]; then
        [ -e "$library" ] || fail "$library is missing: scripts/cross-build.sh makes it"
    elif [ ! -e "$library" ] || { [ -O "$built" ] && command -v cargo >/dev/null; }; then
        build
    fi
}

# What a debugger wants lies beside the library, which names it.
split_symbols() {
    local from name compressed=()
    name=$(basename "$shared")
    from=$built/ossup.dll
    if [ $system = Linux ]; then
        from=$built/libossup.so
        compressed=(--compress-debug-sections)
    fi
    "${tools}objcopy" --only-keep-debug "${compressed[@]}" "$from" "$work/$name.debug"
    "${tools}objcopy" --strip-all --add-gnu-debuglink="$work/$name.debug" "$from" "$work/$name"
}

# Without debug information, and without the bitcode that rustc keeps beside the code. On Linux it is one object that shows the
# functions of the header and no others, so that a program may hold a second library in Rust.
static_library() {
    local bare=(--strip-unneeded --remove-section=.llvmbc --remove-section=.llvmcmd)
    if [ $system = Windows ]; then
        "${tools}objcopy" "${bare[@]}" "$built/libossup.a" "$work/libossup.a"
        return
    fi
    local roots parts=("$built/libossup.a")
    mapfile -t roots < <(sed 's/^/--undefined=/' abi/symbols.txt)
    # Of targets whose compilers bring none.
    if [ -e "$built/libunwind.a" ]; then parts+=("$built/libunwind.a"); fi
    "${tools}ld" -r --gc-sections --force-group-allocation "${roots[@]}" "${parts[@]}" -o "$work/ossup.o"
    "${tools}objcopy" "${bare[@]}" --keep-global-symbols=abi/symbols.txt "$work/ossup.o"
    (cd "$work" && "${tools}ar" rcsD libossup.a ossup.o)
}

# As Microsoft's linker reads it.
import_library() {
    gendef - "$built/ossup.dll" >"$work/ossup.def" 2>"$work/said" || fail "gendef: $(cat "$work/said")"
    llvm-dlltool -m i386:x86-64 -d "$work/ossup.def" -D ossup.dll -l "$work/ossup.lib"
}

# from FOLDER PATH: how one gets there.
from() { realpath -ms --relative-to="$1" "$2"; }

# A path as pkg-config has it: a space in it ends no word, and # begins no comment.
escaped() { sed "s/[ #'\"\\\\]/\\\\&/g" <<<"$1"; }

# A folder as pkg-config has it, which may be told of another prefix.
for_pkg_config() {
    local folder=$1 before=
    # shellcheck disable=SC2016 # it is pkg-config's
    case $folder in "$prefix"/*) before='${prefix}' folder=${folder#"$prefix"} ;; esac
    printf '%s' "$before$(escaped "$folder")"
}

# fill_templates NAME=VALUE...: fills each template of packaging/ with them.
fill_templates() {
    local pair value template script=()
    for pair in "$@"; do
        # shellcheck disable=SC2001 # what was found is in what is put in its place
        value=$(sed 's/[\\&|]/\\&/g' <<<"${pair#*=}")
        script+=(-e "s|@${pair%%=*}@|$value|")
    done
    for template in packaging/*.in; do sed "${script[@]}" "$template" >"$work/$(basename "$template" .in)"; done
}

describe() {
    local pc_prefix cmake=$libdir/cmake/ossup
    pc_prefix=$(escaped "$prefix")
    # shellcheck disable=SC2016 # it is pkg-config's
    if [ "${RELOCATABLE:-}" = 1 ]; then pc_prefix='${pcfiledir}'/$(from "$libdir/pkgconfig" "$prefix/"); fi
    fill_templates PREFIX="$pc_prefix" LIBDIR="$(for_pkg_config "$libdir")" INCLUDEDIR="$(for_pkg_config "$includedir")" \
        LIB_FROM_CMAKE="$(from "$cmake" "$libdir")" INCLUDE_FROM_CMAKE="$(from "$cmake" "$includedir")" \
        SHARED_FROM_CMAKE="$(from "$cmake" "$shared")" DESCRIPTION="$(field description)" LICENSE="$(field license)" \
        VERSION="$version" INTERFACE="$interface" SYSTEM="$system" PROCESSOR="$processor" TARGET="$target" STATIC_LIBS="$static_libs" \
        STATIC_LIBS_LIST="${static_libs// /;}"
}

put() {
    local there="${DESTDIR:-}$2"
    install -d "$there"
    if [ "$1" = link ]; then ln -sf "$4" "$there/$3"; else install -m "$1" "$4" "$there/$3"; fi
}

# Whether an empty folder may go: the system's own may not, nor what lies above all that was installed, nor a folder that was named
# and lies elsewhere than in the prefix.
may_go() {
    local above=${DESTDIR:-$prefix}
    case $1 in
        */ossup) return ;;
        "$libdir"/cmake | "$libdir"/pkgconfig) case $libdir in /usr/* | /lib*) ;; *) return ;; esac ;;
    esac
    case $above in
        "" | /usr | /usr/local) return 1 ;;
        *) [ "$1" != "${1#"$above"/}" ] ;;
    esac
}

take_away() {
    local folder=${DESTDIR:-}$2
    rm -f "$folder/$3"
    while may_go "$folder" && rmdir "$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
}

case ${1:-} in
    build) build ;;
    install)
        build_what_is_missing
        split_symbols
        static_library
        if [ $system = Windows ]; then import_library; fi
        describe
        each_file put
        ;;
    uninstall)
        each_file take_away
        ;;
    *) printf 'usage: %s build|install|uninstall\n' "$0" >&2; exit 2 ;;
esac
