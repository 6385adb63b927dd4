#!/usr/bin/env bash
# Makes what is handed out, in target/dist: an archive for each target, the jar with all of them, the module for Go, the source, and
# their checksums. The same commit gives the same bytes, wherever it lies: nothing in them comes from the clock or from a folder.
#
#   OSSUP_DIST_TARGETS="triple ..."  these targets alone
#   OSSUP_BUILT=FOLDER               FOLDER/triple has what scripts/cross-build.sh built; without, it is built here
#   SOURCE_DATE_EPOCH                what time everything bears: the last commit's
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'dist: %s\n' "$*" >&2; exit 1; }

all_targets="x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-unknown-linux-musl x86_64-pc-windows-gnu"
read -ra targets <<<"${OSSUP_DIST_TARGETS:-$all_targets}"
field() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" Cargo.toml | head -n 1; }
version=$(field version)
target_folder=$(realpath -m "${CARGO_TARGET_DIR:-target}")
dist=$target_folder/dist
stage=$dist/stage
# What built the libraries: its standard library is in them.
compiler=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}/rustc/bin/rustc
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
# The archives' times are local ones.
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
umask 022

for tool in git go gzip mvn tar zip; do command -v "$tool" >/dev/null || fail "there is no $tool"; done

say() { printf '== %s\n' "$*"; }

build() {
    if [ -n "${OSSUP_BUILT:-}" ]; then return; fi
    local target
    scripts/cross-setup.sh "${targets[@]}"
    for target in "${targets[@]}"; do scripts/cross-build.sh "$target"; done
}

built() {
    if [ -n "${OSSUP_BUILT:-}" ]; then printf '%s' "$OSSUP_BUILT/$1"; else printf '%s' "$target_folder/cross/$1/release"; fi
}

# bill FOLDER [jar=JNA] TARGET...: writes a bill and licences into a folder, and looks them over.
bill() {
    local act
    for act in write check; do "$target_folder/debug/bill" "$act" "$1" "$compiler" "${@:2}"; done
}

# even FOLDER: one time and the same rights for all, whoever made them.
even() {
    find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -type f -perm /111 -exec chmod 755 {} +
    find "$1" -type f ! -perm /111 -exec chmod 644 {} +
}

# tar_of FOLDER [OPTION]...: a compressed tar of the files that stdin lists, each ended by NUL, to stdout.
tar_of() {
    sort --zero-terminated | tar --create --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
        --mode='u+rw,go=u-w' "${@:2}" --directory="$1" --no-recursion --null --files-from=- | gzip --no-name --best
}

# archive NAME: of a folder of the stage.
archive() {
    even "$stage/$1"
    case $1 in
        *-windows-* | ossup@*) (cd "$stage" && find "$1" -type f | sort | zip --quiet -X -D -9 -@ "$dist/${2:-$1}.zip") ;;
        *) (cd "$stage" && find "$1" -print0) | tar_of "$stage" >"$dist/$1.tar.gz" ;;
    esac
}

# The files of the repository in a folder, as git knows them, put somewhere else.
copy_tracked() {
    mkdir -p "$2"
    git ls-files -z "$1" | while IFS= read -r -d '' file; do
        install -D -m "$(stat --format=%a "$file")" "$file" "$2/${file#"$1"/}"
    done
}

for_target() {
    local target=$1 top=ossup-$version-$1 system=linux libc="glibc 2.17 and newer"
    case $target in
        *-windows-*) system=windows ;;
        *-musl) libc=musl ;;
        *) ;;
    esac
    DESTDIR="$stage/$top" PREFIX=/ RELOCATABLE=1 TARGET="$target" BUILT="$(built "$target")" scripts/install.sh install
    copy_tracked examples "$stage/$top/examples"
    install -m 644 LICENSE "$stage/$top/LICENSE"
    sed -e "s|@VERSION@|$version|g" -e "s|@INTERFACE@|${version%.*}|g" -e "s|@TARGET@|$target|g" -e "s|@LIBC@|$libc|g" \
        "packaging/archive/$system.md" >"$stage/$top/README.md"
    bill "$stage/$top" "$target"
    install -m 644 "$stage/$top/ossup.cdx.json" "$dist/$top.cdx.json"
    archive "$top"
    say "$top"
}

# Where the jar looks for a target's library.
in_jar() {
    case $1 in
        aarch64-unknown-linux-gnu) printf linux-aarch64 ;;
        x86_64-pc-windows-gnu) printf windows-x86_64 ;;
        x86_64-unknown-linux-gnu) printf linux-x86_64 ;;
        x86_64-unknown-linux-musl) printf linux-musl-x86_64 ;;
        *) fail "Java knows no $1" ;;
    esac
}

jar() {
    local target tree folder kind jna log=$stage/maven.log
    local source=$stage/java natives=$stage/natives notices=$stage/notices
    copy_tracked bindings/java "$source"
    for target in "${targets[@]}"; do
        tree=$stage/ossup-$version-$target
        case $target in
            *-windows-*) install -D -m 644 "$tree/bin/ossup.dll" "$natives/$(in_jar "$target")/ossup.dll" ;;
            *) install -D -m 644 "$tree/lib/libossup.so.$version" "$natives/$(in_jar "$target")/libossup.so" ;;
        esac
    done
    jna=$(sed -n '/<artifactId>jna</{n;s|.*<version>\(.*\)</version>.*|\1|p}' "$source/pom.xml")
    bill "$notices" "jar=$jna" "${targets[@]}"
    install -m 644 LICENSE "$notices/LICENSE"
    for folder in "$source" "$natives" "$notices"; do even "$folder"; done
    mvn --batch-mode --file "$source/pom.xml" -Dnatives="$natives" -Dnotices="$notices" -Dmaven.test.skip=true \
        -Dproject.build.outputTimestamp="$(date --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" package >"$log" 2>&1 ||
        { cat "$log" >&2; fail "Maven made no jar"; }
    for kind in "" -sources -javadoc; do
        install -m 644 "$source/target/ossup-$version$kind.jar" "$dist/ossup-$version$kind.jar"
    done
    install -m 644 "$source/pom.xml" "$dist/ossup-$version.pom"
    install -m 644 "$notices/ossup.cdx.json" "$dist/ossup-$version.jar.cdx.json"
    say "ossup-$version.jar"
}

# As Go's own archives of modules are laid out.
go_module() {
    local top=ossup@v$version
    copy_tracked bindings/go "$stage/$top"
    install -m 644 LICENSE "$stage/$top/LICENSE"
    archive "$top" "ossup-go-$version"
    say "ossup-go-$version"
}

# What git knows, as it lies here.
source_archive() {
    git ls-files -z | tar_of . --transform="s|^|ossup-$version/|" >"$dist/ossup-$version-source.tar.gz"
    say "ossup-$version-source"
}

# Cargo would build for it instead, elsewhere.
unset CARGO_BUILD_TARGET
git diff --quiet HEAD || say "what is not committed is packed, too" >&2
build
rm -rf "$dist"
mkdir -p "$stage"
cargo build --quiet --package ossup-bill
for target in "${targets[@]}"; do for_target "$target"; done
jar
go_module
source_archive
rm -rf "$stage"
(cd "$dist" && sha256sum -- * >SHA256SUMS)
say "$dist"
