#!/usr/bin/env bash
# Installs what the checks and tests need and a bare Debian lacks. Rust, and a Go that is new enough, are there before.
set -euo pipefail
cd "$(dirname "$0")/.."

# need COMMAND PACKAGE...: the packages are missing where the command is.
packages=()
need() {
    local command=$1
    shift
    if ! command -v "$command" >/dev/null; then packages+=("$@"); fi
}
need cc gcc libc6-dev
need c++ g++
need clang clang libclang-rt-dev
need clang-tidy clang-tidy
need doxygen doxygen
need make make
need readelf binutils
need valgrind valgrind
need curl curl
need python3 python3
need pkg-config pkg-config
need cmake cmake
need javac default-jdk-headless
need mvn maven
need zip zip
need unzip unzip
need node nodejs
need npm npm
if ! python3 -c 'import ensurepip' 2>/dev/null; then packages+=(python3-venv); fi
if [ ${#packages[@]} -gt 0 ]; then
    echo "installing ${packages[*]}"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq --no-install-recommends -y "${packages[@]}" >/dev/null
fi

wanted=$(sed -n 's/^go //p' bindings/go/go.mod)
go=$(go env GOVERSION 2>/dev/null) || go=none
if [ "$(printf '%s\n' "$wanted" "${go#go}" | sort --version-sort | head -n 1)" != "$wanted" ]; then
    echo "Go $wanted or newer is needed, and here is $go: that of Debian 12 is too old" >&2
    exit 1
fi
