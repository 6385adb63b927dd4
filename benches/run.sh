#!/usr/bin/env bash
# What an upload costs, beside the bare system calls of the same upload. docs/PERFORMANCE.md says how this is meant.
# SIZE_MIB is the file's size, RUNS the number of rounds; UPDATE=1 puts the table into docs/PERFORMANCE.md.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=${CARGO_TARGET_DIR:-target}
programs=$target/benches
results=$programs/results.jsonl

size_mib=${SIZE_MIB:-1024}
runs=${RUNS:-5}
task_num=4
export OSS_ACCESS_KEY_ID=ak OSS_ACCESS_KEY_SECRET=sk

say() { printf '%s\n' "$*" >&2; }
fail() { say "bench: $*"; exit 1; }

work=
server=
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [ -n "$work" ]; then rm -rf "$work"; fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# The disk is not what is measured: the file lies in memory where the system offers that and there is room.
make_work_folder() {
    local shm=/dev/shm free=0
    if [ -w "$shm" ]; then free=$(df -Pk "$shm" | awk 'NR == 2 { print int($4 / 1024) }'); fi
    if [ "$free" -gt $((size_mib + 64)) ]; then
        work=$(mktemp -d "$shm/ossup-bench.XXXXXX")
    else
        work=$(mktemp -d)
        say "No room in $shm: the file lies on the disk, which may slow down what is measured."
    fi
    file=$work/file.bin
}

. scripts/json.sh

start_server() {
    local line
    mkfifo "$work/ready"
    "$target/release/oss-server" --counting --bucket bench --https --ca-out "$work/ca.pem" >"$work/ready" &
    server=$!
    read -r line <"$work/ready" || fail "the stand-in did not start"
    http=$(field endpoint "$line")
    https=$(field https_endpoint "$line")
    admin=$(field admin "$line")
}

ask() { "$target/release/oss-server" ask "$admin$1" "${2:-GET}"; }

# Sets `command` to what a program of the table is, for the file and the part size at hand.
choose() {
    local upload=(bench file.bin "$file" "$part_size" "$task_num")
    case $1 in
        raw) command=("$programs/raw_send" "$http" "${upload[@]}") ;;
        ossup) command=("$programs/ossup_upload" "$http" "${upload[@]}" record) ;;
        'ossup, no record') command=("$programs/ossup_upload" "$http" "${upload[@]}" bare) ;;
        'ossup, HTTPS') command=("$programs/ossup_upload" "$https" "${upload[@]}" record "$work/ca.pem") ;;
        *) fail "unknown program: $1" ;;
    esac
}

# Runs a program once and prints its costs. A run counts only if every part was sent exactly once and the object's
# CRC-64 is everybody's.
measure() {
    local output crc64 sent
    choose "$1"
    ask /-/ledger DELETE
    output=$("$programs/measure" "$server" "${command[@]}") || fail "$1 failed"
    crc64=${output%%$'\n'*}
    sent=$(ask '/-/count?operation=UploadPart')
    [ "$sent" -eq "$parts" ] || fail "$1 sent $sent parts instead of $parts"
    [ "${expected_crc64:=$crc64}" = "$crc64" ] || fail "$1 made an object of other bytes: $crc64, not $expected_crc64"
    printf '%s\n' "${output##*$'\n'}"
}

# compare TITLE BYTES PART_SIZE PROGRAM...: a round to warm up, then rounds in which each program has its turn.
compare() {
    local title=$1 bytes=$2 part_size=$3 parts=$((($2 + $3 - 1) / $3)) expected_crc64='' round program costs
    shift 3
    head -c "$bytes" /dev/urandom >"$file"
    for ((round = 0; round <= runs; round++)); do
        say "$title: round $round of $runs"
        for program; do
            measure "$program" >"$work/costs"
            read -r costs <"$work/costs"
            if [ "$round" -gt 0 ]; then
                printf '{"work":"%s","program":"%s","bytes":%d,"round":%d,%s\n' \
                    "$title" "$program" "$bytes" "$round" "${costs#\{}" >>"$results"
            fi
        done
    done
}

benches/build.sh >&2
make_work_folder
start_server
: >"$results"

bytes=$((size_mib << 20))
compare "$size_mib MiB in parts of 16 MiB" "$bytes" $((16 << 20)) raw ossup 'ossup, no record' 'ossup, HTTPS'

# As many parts as OSS allows, each of the smallest size it allows.
smallest=$((100 << 10))
parts=$((bytes / smallest < 10000 ? bytes / smallest : 10000))
compare "$parts parts of 100 KiB" $((parts * smallest)) "$smallest" raw ossup 'ossup, no record'

table=$work/table.md
cores=$(getconf _NPROCESSORS_ONLN)
awk -v runs="$runs" -v task_num="$task_num" -v cores="$cores" -f benches/table.awk "$results" >"$table"
cat "$table"
if [ "${UPDATE:-}" = 1 ]; then
    awk -v table="$table" -f benches/insert.awk docs/PERFORMANCE.md >"$work/page.md"
    cat "$work/page.md" >docs/PERFORMANCE.md
fi
