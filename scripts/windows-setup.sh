#!/usr/bin/env bash
# Lays down what builds and runs the library for Windows on Debian 12, as root: mingw, Wine, and a second compiler.
# Rustup's compiler comes without the standard library for Windows. Debian's rustc-web comes with the sources of its own,
# so it is unpacked beside rustup, and the standard library is built here once. Run again, it does nothing.
#
# OSSUP_WINDOWS_HOME says where; `. $OSSUP_WINDOWS_HOME/env.sh` before cargo.
set -euo pipefail
cd "$(dirname "$0")/.."

home=${OSSUP_WINDOWS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-windows}
compiler=$home/rustc
target=x86_64-pc-windows-gnu
wine=/usr/lib/wine/wine64
packages=(gcc-mingw-w64-x86-64-posix wine64)

install_packages() {
    if dpkg -s "${packages[@]}" >/dev/null 2>&1; then return; fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# The first dependency of a package whose name begins so.
dependency() { apt-cache depends "$1" | sed -n "s/^ *Depends: \($2.*\)/\1/p" | head -n 1; }

# Not installed, only unpacked: the package does not go with rustup.
unpack_compiler() {
    if [ -e "$compiler/ready" ]; then return; fi
    apt-get update -qq
    local std llvm debs
    std=$(dependency libstd-rust-web-dev libstd-rust-web-)
    llvm=$(dependency "$std" libllvm)
    debs=$(mktemp -d)
    (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download rustc-web libstd-rust-web-dev "$std" rust-web-src "$llvm")
    rm -rf "$compiler"
    mkdir -p "$compiler/bin"
    for deb in "$debs"/*.deb; do dpkg -x "$deb" "$compiler"; done
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

# Into the compiler's own folder, where cargo finds it without being asked to.
build_std() {
    local rust=$compiler/usr/lib/rustlib
    if [ -e "$rust/$target/ready" ]; then return; fi
    local build=$home/std
    # The settings are those of the standard library's own build.
    env -u CARGO_TARGET_DIR RUSTC="$compiler/bin/rustc" RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=ossup \
        RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_PANIC=unwind \
        cargo build --release --locked --manifest-path "$rust/src/rust/library/sysroot/Cargo.toml" \
        --target "$target" --target-dir "$build" --features "panic-unwind backtrace"
    rm -rf "${rust:?}/$target"
    mkdir -p "$rust/$target/lib"
    cp "$build/$target"/release/deps/*.rlib "$rust/$target/lib/"
    rm -rf "$build"
    touch "$rust/$target/ready"
}

write_environment() {
    cat >"$home/env.sh" <<ENVIRONMENT
export RUSTC="$compiler/bin/rustc" RUSTDOC="$compiler/bin/rustdoc"
export CARGO_BUILD_TARGET=$target
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc-posix
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=$wine
export CC_x86_64_pc_windows_gnu=x86_64-w64-mingw32-gcc-posix AR_x86_64_pc_windows_gnu=x86_64-w64-mingw32-ar
export WINE=$wine WINEPREFIX="$home/wine" WINEDLLOVERRIDES="mscoree,mshtml=" WINEDEBUG=-all
ENVIRONMENT
}

make_prefix() {
    if [ -e "$WINEPREFIX/ready" ]; then return; fi
    "$WINE" wineboot --init
    /usr/lib/wine/wineserver64 --wait
    x86_64-w64-mingw32-gcc-posix -O2 -Wall -Wextra -Werror -shared -s tests/windows/bcryptprimitives.c -ladvapi32 \
        -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"
    touch "$WINEPREFIX/ready"
}

mkdir -p "$home"
install_packages
unpack_compiler
build_std
write_environment
. "$home/env.sh"
make_prefix
