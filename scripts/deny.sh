#!/usr/bin/env bash
# What is depended on, against deny.toml. Each lock file must be that of its manifest, too.
# Usage: deny.sh rules         licences, bans and sources; asks nobody but the registry
#        deny.sh advisories    known vulnerabilities and withdrawn versions: fetches the list of them from its git repository
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
home=${XDG_CACHE_HOME:-$HOME/.cache}/ossup-deny-$version

# Built once on a machine, without optimizations: it runs for a second.
if [ ! -x "$home/bin/cargo-deny" ]; then
    cargo install --quiet --locked --debug --config profile.dev.debug=0 --root "$home" "cargo-deny@$version"
fi

# check MANIFEST ARGUMENTS...
check() {
    local manifest=$1
    shift
    "$home/bin/cargo-deny" --locked --manifest-path "$manifest" --config deny.toml check -D warnings "$@"
}

case "$*" in
rules)
    check Cargo.toml bans licenses sources
    # Not shipped, and not all that the rules speak of is in it.
    check fuzz/Cargo.toml -A duplicate -A unmatched-skip bans sources
    # What another client needs is its own matter.
    check benches/peers/opendal/Cargo.toml sources
    ;;
advisories)
    for manifest in Cargo.toml fuzz/Cargo.toml benches/peers/opendal/Cargo.toml; do check "$manifest" advisories; done
    ;;
*)
    sed -n '3,4s/^# //p' "$0" >&2
    exit 2
    ;;
esac
