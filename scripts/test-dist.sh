#!/usr/bin/env bash
# Takes what scripts/dist.sh made, as somebody would who has nothing else: unpacks it in an empty folder, from where nothing of this one
# is in reach, builds the examples with it and has them upload to the stand-in. Before that, what is in it is looked over: checksums,
# bills, licences, and that no path of this machine is told. What this machine lacks is a failure.
#
#   OSSUP_DIST_TARGETS="triple ..."  these targets alone
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost

fail() { printf 'test-dist: %s\n' "$*" >&2; exit 1; }
say() { printf -- '-- %s\n' "$*"; }

all_targets="x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-unknown-linux-musl x86_64-pc-windows-gnu"
read -ra targets <<<"${OSSUP_DIST_TARGETS:-$all_targets}"
native=$(uname -m)-unknown-linux-gnu
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
target_folder=$(realpath -m "${CARGO_TARGET_DIR:-target}")
dist=$target_folder/dist
cross=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}

for tool in c++ cc cmake go java javac objcopy pkg-config sha256sum tar unzip; do
    command -v "$tool" >/dev/null || fail "there is no $tool"
done
[ -e "$dist/SHA256SUMS" ] || fail "there is nothing in $dist: scripts/dist.sh makes it"

work=$(mktemp -d)
server=
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    # A module's files may be read only.
    chmod -R u+w "$work"
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

. scripts/json.sh

tree() { printf '%s' "$work/ossup-$version-$1"; }

# outside [NAME=VALUE]... COMMAND...: in the empty folder, with an environment of its own.
outside() { (cd "$work" && env -i PATH="$PATH" HOME="$work/home" TMPDIR="$work/tmp" LC_ALL=C.UTF-8 "$@"); }

# told COMMAND...: runs it, and shows what it said if it fails.
told() { "$@" >"$work/told" 2>&1 || { cat "$work/told" >&2; return 1; }; }

checksums_are_right() {
    (cd "$dist" && sha256sum --check --quiet --strict SHA256SUMS) || fail "a checksum is wrong"
    local listed there
    listed=$(sed 's/^[0-9a-f]*  //' "$dist/SHA256SUMS" | sort)
    there=$(cd "$dist" && find . -type f ! -name SHA256SUMS -printf '%P\n' | sort)
    [ "$listed" = "$there" ] || fail "SHA256SUMS does not list what is there"
    say "the checksums are right"
}

unpack() {
    local target
    mkdir -p "$work"/{home,tmp,jar,jar-sources,jar-javadoc,all}
    for target in "${targets[@]}"; do
        case $target in
            *-windows-*) unzip -q "$dist/ossup-$version-$target.zip" -d "$work" ;;
            *) tar --extract --gzip --file="$dist/ossup-$version-$target.tar.gz" --directory="$work" ;;
        esac
        [ -e "$(tree "$target")/README.md" ] || fail "the archive for $target has no folder of its name"
    done
    for kind in "" -sources -javadoc; do unzip -q "$dist/ossup-$version$kind.jar" -d "$work/jar$kind"; done
    unzip -q "$dist/ossup-go-$version.zip" -d "$work"
}

# In debug symbols, too, which may be compressed. Windows' import tables have symbols that may be named after a whole path, with _ for /.
no_path_is_told() {
    local file folders found
    folders=("$PWD" "$target_folder" "$cross" "${CARGO_HOME:-$HOME/.cargo}" "${RUSTUP_HOME:-$HOME/.rustup}" "$HOME/" "$work"
        /home/ /Users/ .cargo/registry .rustup _head__)
    if [ "$(id -u)" -ne 0 ]; then folders+=("/$(id -un)/"); fi
    while read -r -d '' file; do
        "$(objcopy_for "$file")" --decompress-debug-sections "$file" "$work/all/$(basename "$(dirname "$(dirname "$file")")").debug"
    done < <(find "$work" -name '*.so.*.debug' -print0)
    printf '%s\n' "${folders[@]}" >"$work/folders"
    # It ends with 1 where it found nothing; with 2, it did not look everywhere.
    found=$(grep --recursive --text --only-matching --fixed-strings --exclude=folders --file="$work/folders" "$work") ||
        [ $? -eq 1 ] || fail "not all could be searched"
    [ -z "$found" ] || fail "paths of this machine are told:"$'\n'"$(sort <<<"$found" | uniq --count)"
    say "no path of this machine is told"
}

objcopy_for() {
    case $1 in
        */ossup-"$version"-"$native"/*) printf objcopy ;;
        *aarch64*) printf aarch64-linux-gnu-objcopy ;;
        *) printf objcopy ;;
    esac
}

bills_are_right() {
    local target compiler=$cross/rustc/bin/rustc bill=$target_folder/debug/bill
    for target in "${targets[@]}"; do
        "$bill" check "$(tree "$target")" "$compiler" "$target"
        cmp "$(tree "$target")/ossup.cdx.json" "$dist/ossup-$version-$target.cdx.json"
        cmp LICENSE "$(tree "$target")/LICENSE"
    done
    "$bill" check "$work/jar/META-INF" "$compiler" "${targets[@]}"
    cmp "$work/jar/META-INF/ossup.cdx.json" "$dist/ossup-$version.jar.cdx.json"
    cmp LICENSE "$work/jar/META-INF/LICENSE"
    grep -q '"pkg:maven/net.java.dev.jna/jna@' "$dist/ossup-$version.jar.cdx.json" || fail "the jar's bill does not name JNA"
    say "bills and licences name what is linked, as cargo does"
}

jars_are_whole() {
    local target native_file
    for target in "${targets[@]}"; do
        case $target in
            aarch64-unknown-linux-gnu) native_file=linux-aarch64/libossup.so ;;
            x86_64-pc-windows-gnu) native_file=windows-x86_64/ossup.dll ;;
            x86_64-unknown-linux-gnu) native_file=linux-x86_64/libossup.so ;;
            x86_64-unknown-linux-musl) native_file=linux-musl-x86_64/libossup.so ;;
            *) fail "what is $target?" ;;
        esac
        case $target in
            *-windows-*) cmp "$(tree "$target")/bin/ossup.dll" "$work/jar/io/ossup/native/$native_file" ;;
            *) cmp "$(tree "$target")/lib/libossup.so.$version" "$work/jar/io/ossup/native/$native_file" ;;
        esac
    done
    [ -e "$work/jar-sources/io/ossup/OssUploadClient.java" ] || fail "the jar of sources has none"
    [ -e "$work/jar-javadoc/io/ossup/OssUploadClient.html" ] || fail "the jar of documentation has none"
    cmp bindings/java/pom.xml "$dist/ossup-$version.pom"
    say "the jar has the libraries of all targets"
}

sources_are_whole() {
    cmp <(git ls-files | sort) \
        <(tar --list --gzip --file="$dist/ossup-$version-source.tar.gz" | sed "s|^ossup-$version/||" | sort) || fail "sources are missing"
    # A module in a module would be another one.
    [ "$(find "$work/ossup@v$version" -name go.mod)" = "$work/ossup@v$version/go.mod" ] || fail "the archive for Go is no module"
    cmp LICENSE "$work/ossup@v$version/LICENSE"
    say "the sources are whole"
}

start_server() {
    mkfifo "$work/ready"
    "$target_folder/debug/oss-server" --bucket outside --dir "$work/server" >"$work/ready" &
    server=$!
    local line
    read -r line <"$work/ready" || fail "the stand-in did not start"
    endpoint=$(field endpoint "$line")
    admin=$(field admin "$line")
    head -c 3000001 /dev/urandom >"$work/file.bin"
}

# uploads WHAT [NAME=VALUE]... PROGRAM...: it uploads the file under a key of its own, and the object is the file.
uploads() {
    local what=$1 key
    key=$(tr -c 'a-z0-9\n' - <<<"$what")
    shift
    told outside OSS_ACCESS_KEY_ID=ak OSS_ACCESS_KEY_SECRET=sk "$@" "$endpoint" cn-hangzhou outside "$key" file.bin ||
        fail "$what did not upload"
    "$target_folder/debug/oss-server" ask "$admin/-/object?bucket=outside&key=$key" | cmp - "$work/file.bin" ||
        fail "the object of $what is not the file"
    say "$what"
}

# A target's compilers, and what runs its programs, of which it says so in its environment.
enter() {
    target=$1 CC='' CXX='' runner=() wine=()
    # shellcheck disable=SC1090 # scripts/cross-setup.sh writes it
    . "$cross/$1.env"
    read -ra runner <<<"$OSSUP_TEST_RUNNER"
    read -ra wine <<<"$(env | sed -n '/^WINE/p' | tr '\n' ' ')"
    ending=
    case $1 in *-windows-*) ending=.exe ;; esac
    command -v "$CC" >/dev/null || fail "there is no $CC"
}

pkg_config() { outside PKG_CONFIG_LIBDIR="$(tree "$target")/lib/pkgconfig" pkg-config "$@"; }

# What a loader finds by itself, or beside the program.
with_library() {
    case $target in
        *-windows-*) cp "$(tree "$target")/bin/ossup.dll" "$(dirname "$1")" ;;
        *) ;;
    esac
}

c_with_pkg_config() {
    local flags found=() folder=$work/$target
    mkdir -p "$folder"
    case $target in *-linux-*) found=("-Wl,-rpath,$(tree "$target")/lib") ;; esac
    for package in ossup ossup-static; do
        read -ra flags <<<"$(pkg_config --cflags --libs "$package")"
        if [ "$package" = ossup-static ]; then found=(); fi
        outside "$CC" -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror "$(tree "$target")/examples/c/blocking.c" "${flags[@]}" \
            "${found[@]}" -o "$folder/$package$ending"
    done
    case $target in *-musl) without_any_loader ;; esac
    # The static one must do without the other.
    uploads "$target: C, static, by pkg-config" "${wine[@]}" "${runner[@]}" "$folder/ossup-static$ending"
    with_library "$folder/ossup"
    uploads "$target: C, shared, by pkg-config" "${wine[@]}" "${runner[@]}" "$folder/ossup$ending"
}

# With the C library in the program as well, which runs on any Linux then.
without_any_loader() {
    local flags program=$work/$target/whole
    read -ra flags <<<"$(pkg_config --cflags --libs ossup-static)"
    outside "$CC" -std=c99 -O2 -static "$(tree "$target")/examples/c/blocking.c" "${flags[@]}" -o "$program"
    uploads "$target: C, static altogether" "$program"
}

c_with_cmake() {
    local folder=$work/$target/cmake system=()
    mkdir -p "$folder"
    cat >"$folder/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.13)
project(outside C)
find_package(ossup ${version%.*} REQUIRED)
foreach(kind shared static)
  add_executable(\${kind} "$(tree "$target")/examples/c/blocking.c")
  target_link_libraries(\${kind} PRIVATE ossup::\${kind})
endforeach()
EOF
    case $target in
        "$native") ;;
        *-windows-*) system=(-DCMAKE_SYSTEM_NAME=Windows) ;;
        *) system=(-DCMAKE_SYSTEM_NAME=Linux) ;;
    esac
    told outside cmake -S "$folder" -B "$folder" -DCMAKE_C_COMPILER="$CC" -DCMAKE_PREFIX_PATH="$(tree "$target")" "${system[@]}"
    told outside cmake --build "$folder"
    uploads "$target: C, static, by CMake" "${wine[@]}" "${runner[@]}" "$folder/static$ending"
    with_library "$folder/shared"
    uploads "$target: C, shared, by CMake" "${wine[@]}" "${runner[@]}" "$folder/shared$ending"
}

cpp() {
    local flags
    read -ra flags <<<"$(pkg_config --cflags --libs ossup)"
    outside "$CXX" -std=c++17 -O2 -Wall -Wextra -Wpedantic -Werror -pthread "$(tree "$target")/examples/cpp/blocking.cpp" "${flags[@]}" \
        -Wl,-rpath,"$(tree "$target")/lib" -o "$work/$target/cpp"
    uploads "$target: C++" "$work/$target/cpp"
}

go_program() {
    local cache examples=$work/$target/go
    cache=$(go env GOCACHE)
    cp -r "$(tree "$target")/examples/go" "$examples"
    local settings=(GOCACHE="$cache" GOPATH="$work/gopath" GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-mod=mod GOWORK=off
        PKG_CONFIG_PATH="$(tree "$target")/lib/pkgconfig")
    outside "${settings[@]}" go -C "$examples" mod edit -replace=ossup="$work/ossup@v$version"
    outside "${settings[@]}" go -C "$examples" build -o "$work/$target/upload" ./upload
    uploads "$target: Go" LD_LIBRARY_PATH="$(tree "$target")/lib" "$work/$target/upload"
}

# JNA is where Maven put it when the jar was made.
java_program() {
    local jna classes=$work/$target/classes
    jna=$(sed -n '/<artifactId>jna</{n;s|.*<version>\(.*\)</version>.*|\1|p}' "$dist/ossup-$version.pom")
    cp "$dist/ossup-$version.jar" "$work/ossup.jar"
    cp "$HOME/.m2/repository/net/java/dev/jna/jna/$jna/jna-$jna.jar" "$work/jna.jar" || fail "there is no JNA $jna"
    outside javac -cp ossup.jar:jna.jar -d "$classes" "$(tree "$target")/examples/java/Upload.java"
    uploads "$target: Java" java -Djava.io.tmpdir="$work/tmp" -cp "ossup.jar:jna.jar:$classes" Upload
}

checksums_are_right
unpack
no_path_is_told
# With a test, so that what they depend on is built as for the tests, and not once more.
cargo build --quiet --workspace --bins --test conformance
bills_are_right
jars_are_whole
sources_are_whole
start_server
for one in "${targets[@]}"; do
    (
        enter "$one"
        c_with_pkg_config
        c_with_cmake
        if [ "$one" = "$native" ]; then
            cpp
            go_program
            java_program
        fi
    )
done
say "from the archives alone, all programs uploaded"
