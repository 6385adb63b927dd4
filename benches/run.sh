#!/usr/bin/env bash
# What an upload costs, beside the bare system calls of the same upload and beside other clients. docs/PERFORMANCE.md says how
# this is meant. WORKS and PEERS take some of them only; SIZE_MIB is the large file's size, RUNS the number of rounds, SLOW_RUNS
# that of slow programs; UPDATE=1 puts tables and plots into docs/PERFORMANCE.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/lib.sh

all=$(cd benches/works && echo *.sh)
all=${all//.sh/}
works=${WORKS:-$all}
for name in $works; do
    [[ " $all " = *" $name "* ]] || fail "WORKS names $name, which is none of: $all"
done
for name in ${PEERS:-}; do
    [[ " $peers " = *" $name "* ]] || fail "PEERS names $name, which is none of: $peers"
done

benches/build.sh >&2
make_work_folder
for name in $works; do
    # shellcheck source=/dev/null
    . "benches/works/$name.sh"
done
