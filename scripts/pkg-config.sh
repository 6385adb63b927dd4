#!/usr/bin/env bash
# Has pkg-config find the library where cargo built it, in the folder that is named (target/debug): writes an ossup.pc there and
# prints what PKG_CONFIG_PATH has to be. Programs that are linked by it find the library when they run, too.
set -euo pipefail
cd "$(dirname "$0")/.."
built=$(realpath -m "${1:-${CARGO_TARGET_DIR:-target}/debug}")
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
mkdir -p "$built/pkgconfig"
found=
if [ ! -e "$built/libossup.dll.a" ]; then
    # The loader asks for the library by the name that bears its version. On Windows a DLL lies beside its program.
    ln -sf libossup.so "$built/libossup.so.${version%.*}"
    found="-Wl,-rpath,${built// /\\ } "
fi
# A space in a path ends no word.
cat >"$built/pkgconfig/ossup.pc" <<EOF
Name: ossup
Description: Resumable file upload to Alibaba Cloud OSS
Version: $version
Cflags: -I${PWD// /\\ }/include
Libs: -L${built// /\\ } ${found}-lossup
EOF
echo "$built/pkgconfig"
