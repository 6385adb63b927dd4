#!/usr/bin/env bash
# renew.sh TARGET FOLDER: takes away what cargo built for a target in FOLDER with another standard library than the one that is laid
# down now. Cargo does not see that it was built again, and what is left of the former cannot be linked with the new one.
set -euo pipefail
target=$1 folder=$2
noted=$folder/$target.standard-library
mkdir -p "$folder"
# Who builds at the same time must not lose what was begun.
exec 9>"$folder/$target.lock"
flock 9
standard_library=$(cat "$OSSUP_CROSS_HOME/rustc/usr/lib/rustlib/$target/lib"/*.rlib | sha256sum)
if [ -e "$noted" ] && [ "$(cat "$noted")" = "$standard_library" ]; then exit; fi
rm -rf "${folder:?}/$target"
echo "$standard_library" >"$noted"
