#!/usr/bin/env bash
# Builds what is measured and what measures it, into target/benches: a program per name. What cannot be built for want of a
# tool leaves NAME.absent there, which says why; with CI=true that is a failure. PEERS builds some only.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/lib.sh
export CLIENTS_DIR=$target/clients

scripts/examples.sh
if [ -z "${OSS_SERVER:-}" ]; then cargo build --release --locked --package oss-server; fi

# compile NAME SOURCE... [LINKER OPTION...]
compile() {
    local name=$1
    shift
    "${CC:-cc}" -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude "$@" -o "$programs/$name"
}

# wrap NAME COMMAND...: a program that is this command, followed by its own arguments.
wrap() {
    printf '#!/bin/sh\nexec %s"$@"\n' "$(printf '%q ' "${@:2}")" >"$programs/$1"
    chmod +x "$programs/$1"
}

# with TOOL BUILDER NAME...: builds what any of these names needs, where the tool is there.
with() {
    local tool=$1 builder=$2 name any=
    shift 2
    for name; do
        rm -f "$programs/$name.absent"
        if wanted "$name"; then any=yes; fi
    done
    if [ -z "$any" ]; then return; fi
    if command -v "$tool" >/dev/null; then
        "$builder"
    elif [ "${CI:-}" = true ]; then
        fail "no $tool, for $*"
    else
        for name; do echo "no $tool" >"$programs/$name.absent"; done
    fi
}

build_curl() {
    compile presign benches/presign.c benches/http.c benches/sign_v1.c
    wrap curl "$PWD/benches/peers/curl.sh" "$programs/presign"
}

build_opendal() {
    cargo build --release --locked --manifest-path benches/peers/opendal/Cargo.toml --target-dir "$target/peers/opendal"
    wrap opendal "$target/peers/opendal/release/upload"
    wrap opendal-many "$target/peers/opendal/release/upload" many
}

# The official clients are those of tests/clients: there is one place for their versions, and one where they are installed.
build_go() {
    go -C tests/clients/go build -o "$programs/upload-go" ../../../benches/peers/go/upload.go
    wrap go-v2 "$programs/upload-go"
    wrap go-v2-many "$programs/upload-go" many
}

build_java() {
    local built=$target/peers/java path
    mvn --batch-mode --quiet --file tests/clients/java/pom.xml -Dbuilt="$CLIENTS_DIR/java" compile dependency:build-classpath
    path=$(cat "$CLIENTS_DIR/java/classpath")
    mkdir -p "$built"
    javac -Xlint:all,-processing,-classfile,-path,-try -Werror -cp "$path" -d "$built" benches/peers/java/*.java
    for version in 1 2; do
        wrap "java-v$version" java -cp "$built:$path" "peers.UploadV$version"
        wrap "java-v$version-many" java -cp "$built:$path" "peers.UploadV$version" many
    done
}

build_python() {
    local venv=$CLIENTS_DIR/venv
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement tests/clients/python/requirements.txt
    for name in oss2 python-v2; do
        wrap "$name" "$venv/bin/python" -B "$PWD/benches/peers/python/upload_${name//-/_}.py"
        wrap "$name-many" "$venv/bin/python" -B "$PWD/benches/peers/python/upload_${name//-/_}.py" many
    done
}

build_node() {
    local modules=$CLIENTS_DIR/npm
    mkdir -p "$modules"
    cp tests/clients/node/{package.json,package-lock.json,.npmrc} "$modules/"
    npm install --prefix "$modules" --prefer-offline --no-save --loglevel=error
    wrap ali-oss env NODE_PATH="$modules/node_modules" node "$PWD/benches/peers/node/upload.js"
    wrap ali-oss-many env NODE_PATH="$modules/node_modules" node "$PWD/benches/peers/node/upload.js" many
}

# lacks PATH NAME: whether the program of that name has no source.
lacks() {
    [ ! -e "$1" ] && echo "no $1" >"$programs/$2.absent"
}

# The bindings: each has a program that does what benches/ossup_upload.c and benches/ossup_many.c do.
build_ossup_cpp() {
    local flags=(-std=c++17 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude -Ibindings/cpp)
    # The first word of `library` is the part of it that is in C.
    "${CXX:-c++}" "${flags[@]}" benches/ossup_upload.cpp -o "$programs/ossup-cpp" "${library[@]:1}" -pthread
    "${CXX:-c++}" "${flags[@]}" benches/ossup_many.cpp -o "$programs/ossup-cpp-many" "${library[@]:1}" -pthread
}

build_ossup_go() {
    lacks bindings/go/internal/bench ossup-go && return
    CGO_LDFLAGS="-L$target/release -Wl,-rpath,$target/release" PKG_CONFIG_PATH=$(scripts/pkg-config.sh "$target/release") \
        go -C bindings/go build -o "$programs/bench-go" ./internal/bench
    wrap ossup-go "$programs/bench-go"
    wrap ossup-go-many "$programs/bench-go" many
}

build_ossup_java() {
    lacks bindings/java/src/test/java/io/ossup/bench ossup-java && return
    local built=$target/peers/ossup-java path
    mvn --batch-mode --quiet --file bindings/java/pom.xml -Dbuilt="$built" test-compile
    path=$built/classes:$built/test-classes:$(cat "$built/class-path")
    wrap ossup-java java -Dossup.library="$target/release/libossup.so" -cp "$path" io.ossup.bench.Bench upload
    wrap ossup-java-many java -Dossup.library="$target/release/libossup.so" -cp "$path" io.ossup.bench.Bench many
}

mkdir -p "$programs"
compile measure benches/measure.c
compile link benches/link/*.c
raw=(benches/oss.c benches/crew.c benches/http.c benches/sign_v1.c -pthread)
compile raw benches/raw_upload.c benches/range_pread.c "${raw[@]}"
compile raw-many benches/raw_many.c benches/folder.c benches/range_pread.c "${raw[@]}"
compile raw-resume benches/raw_resume.c benches/range_pread.c "${raw[@]}"
compile sendfile benches/raw_upload.c benches/range_sendfile.c "${raw[@]}"
# shellcheck disable=SC2016,SC2054 # $ORIGIN is for the loader, and the commas for the linker
library=(benches/ossup_client.c -L"$target/release" -lossup -Wl,-rpath,'$ORIGIN/../release')
compile ossup benches/ossup_upload.c "${library[@]}"
compile ossup-capped benches/ossup_capped.c "${library[@]}"
compile ossup-handles benches/ossup_handles.c "${library[@]}"
compile ossup-many benches/ossup_many.c benches/folder.c "${library[@]}"
with "${CXX:-c++}" build_ossup_cpp ossup-cpp
with go build_ossup_go ossup-go
with mvn build_ossup_java ossup-java
with curl build_curl curl
with cargo build_opendal opendal
with go build_go go-v2
with mvn build_java java-v1 java-v2
with python3 build_python oss2 python-v2
with npm build_node ali-oss
