#!/usr/bin/env bash
# cross-setup.sh TARGET...: lays down what builds the library for rustc's targets and runs it here, on Debian 12, as root.
# The compiler is Debian's rustc-web, unpacked beside rustup's, as it comes with the sources of its standard library: for
# Windows and musl that is built here once. zig links what runs with an old glibc. Run again, it does nothing.
#
# OSSUP_CROSS_HOME says where; `. $OSSUP_CROSS_HOME/TARGET.env` before anything for a target.
set -euo pipefail
cd "$(dirname "$0")/.."

zig_version=0.17.1
zig_sum=ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54
export OSSUP_CROSS_HOME=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}
home=$OSSUP_CROSS_HOME
compiler=$home/rustc
rust=$compiler/usr/lib/rustlib
wine=/usr/lib/wine/wine64
export DEBIAN_FRONTEND=noninteractive

say() { printf '== %s\n' "$*"; }
fail() { printf 'cross-setup: %s\n' "$*" >&2; exit 1; }

# Lists that are as old as the machine name packages that are gone.
update_lists() {
    if [ -n "${updated:-}" ]; then return; fi
    apt-get update -qq
    updated=true
}

install_packages() {
    if dpkg -s "$@" >/dev/null 2>&1; then return; fi
    update_lists
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# The first dependency of a package whose name begins so.
dependency() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2.*\)/\1/p" | head -n 1; }

# Not installed, only unpacked: the package does not go with rustup.
unpack_compiler() {
    if [ -e "$compiler/ready" ]; then return; fi
    say "the compiler"
    update_lists
    local std llvm debs
    std=$(dependency libstd-rust-web-dev libstd-rust-web-)
    llvm=$(dependency "$std" libllvm)
    debs=$(mktemp -d)
    (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download rustc-web libstd-rust-web-dev "$std" rust-web-src "$llvm")
    rm -rf "$compiler"
    mkdir -p "$compiler/bin"
    for deb in "$debs"/*.deb; do dpkg -x "$deb" "$compiler"; done
    dpkg-deb --field "$debs"/libstd-rust-web-dev_*.deb Version >"$compiler/version"
    rm -rf "$debs"
    for program in rustc rustdoc; do
        cat >"$compiler/bin/$program" <<WRAPPER
#!/bin/sh
export LD_LIBRARY_PATH="$compiler/usr/lib/x86_64-linux-gnu\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
exec "$compiler/usr/bin/$program" "\$@"
WRAPPER
        chmod +x "$compiler/bin/$program"
    done
    touch "$compiler/ready"
}

# The standard library, into the compiler's own folder, where cargo finds it without being asked to.
build_std() {
    local target=$1 build=$home/std-$1 source recipe
    recipe=$(cat scripts/cross-setup.sh scripts/cross/{dlltool,paths,rustc}.sh | sha256sum)
    if [ -e "$rust/$target/ready" ] && [ "$(cat "$rust/$target/ready")" = "$recipe" ]; then return; fi
    say "the standard library for $target"
    source=$(realpath "$rust/src/rust")
    (
        unset CARGO_TARGET_DIR
        # The settings are those of the standard library's own build; the paths, those of Debian's.
        export RUSTC=$compiler/bin/rustc RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=ossup
        export RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes"
        export CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_PANIC=unwind
        local library=("--manifest-path=$source/library/sysroot/Cargo.toml" "--target=$target")
        cargo fetch --quiet --locked "${library[@]}"
        OSSUP_PATHS=$(scripts/cross/paths.sh)
        export OSSUP_PATHS RUSTC_WRAPPER=$PWD/scripts/cross/rustc.sh
        cargo build --quiet --release --locked "${library[@]}" --target-dir "$build" --features "panic-unwind backtrace"
    )
    rm -rf "${rust:?}/$target"
    mkdir -p "$rust/$target/lib"
    cp "$build/$target"/release/deps/*.rlib "$rust/$target/lib/"
    rm -rf "$build"
    echo "$recipe" >"$rust/$target/ready"
}

# unpack_foreign PACKAGE FOLDER SETTING...: a package of another architecture or release than this machine's. Its lists are kept
# apart, so that nothing else comes from there.
unpack_foreign() {
    local package=$1 folder=$2 apt
    shift 2
    apt=$(mktemp -d)
    mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$folder"
    printf '%s;\n' 'APT::Sandbox::User "root"' "Dir::State::lists \"$apt/lists\"" "Dir::Cache \"$apt\"" "$@" >"$apt/apt.conf"
    (
        cd "$apt"
        export APT_CONFIG=$apt/apt.conf
        apt-get update -qq
        apt-get -qq download "$package"
    )
    dpkg -x "$apt"/*.deb "$folder"
    rm -rf "$apt"
}

# Debian has it for its own arm64.
unpack_std_for_arm() {
    if [ -e "$rust/aarch64-unknown-linux-gnu/ready" ]; then return; fi
    say "the standard library for aarch64"
    unpack_foreign "libstd-rust-web-dev:arm64=$(cat "$compiler/version")" "$compiler" 'APT::Architectures { "amd64"; "arm64"; }'
    touch "$rust/aarch64-unknown-linux-gnu/ready"
}

# The oldest that Debian still has.
unpack_old_glibc() {
    if [ -e "$home/glibc/ready" ]; then return; fi
    say "an old glibc"
    mkdir -p "$home/glibc"
    # From where this machine has its own.
    local archive
    update_lists
    archive=$(apt-get indextargets --format '$(REPO_URI)' "Identifier: Packages" "Codename: bookworm" | head -n 1)
    [ -n "$archive" ] || fail "apt names no place of Debian 12"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive bullseye main" >"$home/glibc/sources"
    unpack_foreign libc6/bullseye "$home/glibc" "Dir::Etc::sourcelist \"$home/glibc/sources\"" 'Dir::Etc::sourceparts "-"'
    touch "$home/glibc/ready"
}

# From Python's registry; nothing of it needs Python.
unpack_zig() {
    if [ -e "$home/zig/$zig_version" ]; then return; fi
    say "zig"
    rm -rf "$home/zig"
    mkdir -p "$home/zig"
    python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$home/zig" "ziglang==$zig_version"
    sha256sum --check --quiet <<<"$zig_sum  $(echo "$home"/zig/*.whl)" || fail "that is another zig $zig_version"
    python3 -m zipfile -e "$home"/zig/*.whl "$home/zig"
    chmod +x "$home/zig/ziglang/zig"
    rm "$home"/zig/*.whl
    touch "$home/zig/$zig_version"
}

make_wine_prefix() {
    export WINEPREFIX=$home/wine WINEDLLOVERRIDES="mscoree,mshtml=" WINEDEBUG=-all
    if [ -e "$WINEPREFIX/ready" ]; then return; fi
    say "Wine"
    rm -rf "$WINEPREFIX"
    "$wine" wineboot --init >/dev/null 2>&1 || fail "Wine cannot make its folder, $WINEPREFIX"
    /usr/lib/wine/wineserver64 --wait
    x86_64-w64-mingw32-gcc-posix -O2 -Wall -Wextra -Werror -shared -s tests/windows/bcryptprimitives.c -ladvapi32 \
        -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"
    touch "$WINEPREFIX/ready"
}

# environment TARGET CC CXX STRIP RUNNER [LINE]...: what programs are compiled with and run under. CC and CXX are not exported, as
# cargo would compile with them for this machine.
environment() {
    local target=$1 cc=$2 cxx=$3 strip=$4 runner=$5
    shift 5
    cat >"$home/$target.env" <<ENVIRONMENT
export OSSUP_CROSS_HOME="$home"
export OSSUP_TEST_TARGET=$target OSSUP_TEST_CC=$cc OSSUP_TEST_CXX=$cxx OSSUP_TEST_RUNNER="$runner"
CC=$cc CXX=$cxx STRIP=$strip
ENVIRONMENT
    if [ $# -gt 0 ]; then printf '%s\n' "$@" >>"$home/$target.env"; fi
}

set_up() {
    case $1 in
        x86_64-unknown-linux-gnu)
            unpack_zig
            unpack_old_glibc
            local libraries=$home/glibc/lib/x86_64-linux-gnu
            environment "$1" cc c++ strip "" "OLD_GLIBC=\"$libraries/ld-linux-x86-64.so.2 --library-path $libraries\""
            ;;
        aarch64-unknown-linux-gnu)
            install_packages gcc-aarch64-linux-gnu g++-aarch64-linux-gnu qemu-user
            unpack_zig
            unpack_std_for_arm
            environment "$1" aarch64-linux-gnu-gcc aarch64-linux-gnu-g++ aarch64-linux-gnu-strip \
                "qemu-aarch64 -L /usr/aarch64-linux-gnu"
            ;;
        x86_64-unknown-linux-musl)
            install_packages musl-tools
            unpack_zig
            build_std "$1"
            environment "$1" musl-gcc "" strip ""
            ;;
        x86_64-pc-windows-gnu)
            install_packages gcc-mingw-w64-x86-64-posix g++-mingw-w64-x86-64-posix llvm mingw-w64-tools wine64
            build_std "$1"
            make_wine_prefix
            environment "$1" x86_64-w64-mingw32-gcc-posix x86_64-w64-mingw32-g++-posix x86_64-w64-mingw32-strip "$wine" \
                "export WINE=$wine WINEPREFIX=\"$home/wine\" WINEDLLOVERRIDES=\"mscoree,mshtml=\" WINEDEBUG=-all" \
                "export LC_ALL=C.UTF-8"
            ;;
        *) fail "$1 is none of the targets" ;;
    esac
}

mkdir -p "$home"
# Two at once would unpack over each other.
exec 9>"$home/lock"
flock 9
install_packages binutils python3 python3-pip
unpack_compiler
for target in "$@"; do set_up "$target"; done
