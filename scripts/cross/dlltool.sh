#!/usr/bin/env bash
# The compiler's dlltool. It names symbols after the file that it writes, and that is in a folder of a random name. Here it writes one
# whose name is the same in each build, and no other crate's: imports under one name would be one table.
set -euo pipefail
arguments=("$@")
for ((i = 0; i < $#; i++)); do
    if [ "${arguments[i]}" = -l ]; then library=${arguments[i + 1]} at=$((i + 1)); fi
done
cd "$(dirname "$library")"
arguments[at]=${CARGO_CRATE_NAME}_${CARGO_PKG_VERSION}_$(basename "$library")
x86_64-w64-mingw32-dlltool "${arguments[@]}"
mv "${arguments[at]}" "$library"
