#!/usr/bin/env bash
# Installs what was built for this machine, or takes away what it would install: install.sh install|uninstall.
# PREFIX, LIBDIR and INCLUDEDIR are where it will be found; DESTDIR is where it is put in front of that, to be packed.
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
includedir=${INCLUDEDIR:-$prefix/include}
built=${CARGO_TARGET_DIR:-target}/release

field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" Cargo.toml | head -n 1; }
version=$(field version)
interface=${version%.*}
case $version in 0.*) ;; *) interface=${version%%.*} ;; esac
# What rustc says of the static library; tests/packaging.rs asks it.
static_libs="-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc"

for folder in "$prefix" "$libdir" "$includedir"; do
    case $folder in /*) ;; *) printf 'install: %s is not an absolute path\n' "$folder" >&2; exit 2 ;; esac
done

# put MODE FILE FOLDER [NAME]
put() { install -D -m "$1" "$2" "${DESTDIR:-}$3/${4:-$(basename "$2")}"; }

# filled TEMPLATE FOLDER NAME: with what is between @ put in.
filled() {
    local text
    text=$(mktemp)
    # shellcheck disable=SC2064 # this file, now
    trap "rm -f '$text'" RETURN
    sed -e "s|@PREFIX@|$prefix|" -e "s|@LIBDIR@|$(from_prefix "$libdir")|" -e "s|@INCLUDEDIR@|$(from_prefix "$includedir")|" \
        -e "s|@INCLUDE_FROM_LIB@|$(realpath -m --relative-to="$libdir" "$includedir")|" -e "s|@DESCRIPTION@|$(field description)|" \
        -e "s|@VERSION@|$version|" -e "s|@INTERFACE@|$interface|" -e "s|@STATIC_LIBS@|$static_libs|" "$1" >"$text"
    put 644 "$text" "$2" "$3"
}

# A folder as pkg-config has it, which may be told of another prefix.
from_prefix() {
    # shellcheck disable=SC2016 # it is pkg-config's
    case $1 in "$prefix"/*) printf '${prefix}%s' "${1#"$prefix"}" ;; *) printf '%s' "$1" ;; esac
}

install_all() {
    cargo build --release --lib
    local library=$built/libossup.so symbols=$built/libossup.so.$version.debug
    objcopy --only-keep-debug --compress-debug-sections "$library" "$symbols"
    put 644 "$symbols" "$libdir"
    put 755 "$library" "$libdir" "libossup.so.$version"
    local there="${DESTDIR:-}$libdir"
    (cd "$there" && objcopy --strip-unneeded --add-gnu-debuglink="libossup.so.$version.debug" "libossup.so.$version")
    ln -sf "libossup.so.$version" "$there/libossup.so.$interface"
    ln -sf "libossup.so.$interface" "$there/libossup.so"
    put 644 "$built/libossup.a" "$libdir"
    objcopy --strip-debug "$there/libossup.a"
    put 644 include/ossup.h "$includedir"
    (cd bindings/cpp && find . -name '*.hpp' -printf '%P\n') | while read -r header; do
        put 644 "bindings/cpp/$header" "$includedir/$(dirname "$header")"
    done
    filled packaging/ossup.pc.in "$libdir/pkgconfig" ossup.pc
    filled packaging/ossup-config.cmake.in "$libdir/cmake/ossup" ossup-config.cmake
    filled packaging/ossup-config-version.cmake.in "$libdir/cmake/ossup" ossup-config-version.cmake
}

uninstall_all() {
    local there="${DESTDIR:-}$libdir" headers="${DESTDIR:-}$includedir"
    rm -f "$there"/libossup.so{,".$interface",".$version",".$version.debug"} "$there/libossup.a" "$there/pkgconfig/ossup.pc"
    rm -f "$there"/cmake/ossup/ossup-config{,-version}.cmake
    rm -f "$headers/ossup.h" "$headers/ossup.hpp"
    rmdir --ignore-fail-on-non-empty "$there/cmake/ossup" 2>/dev/null || true
}

case ${1:-} in
    install) install_all ;;
    uninstall) uninstall_all ;;
    *) printf 'usage: %s install|uninstall\n' "$0" >&2; exit 2 ;;
esac
