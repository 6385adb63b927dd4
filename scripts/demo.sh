#!/usr/bin/env bash
# A file goes up from a C program, the program is killed half-way, and the same command sends only what is missing.
# OSSUP_DEMO_MIB makes the file larger or smaller.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=${CARGO_TARGET_DIR:-target}
# One that is named is used as it is.
stand_in=${OSS_SERVER:-$target/debug/oss-server}

mib=${OSSUP_DEMO_MIB:-256}
part_mib=4
task_num=4
bytes_per_s=$((20 << 20))
parts=$(((mib + part_mib - 1) / part_mib))
kill_at=$((parts * 2 / 5))

say() { printf '%s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

work=$(mktemp -d)
uploader=
server=
clean_up() {
    if [ -n "$uploader" ]; then kill -9 "$uploader" 2>/dev/null || true; fi
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

. scripts/json.sh

ask() { "$stand_in" ask "$admin$1"; }
parts_answered() { ask '/-/count?operation=UploadPart&answered=true'; }

start_server() {
    mkfifo "$work/ready"
    "$stand_in" --bucket demo --dir "$work/server" --throttle "$bytes_per_s" >"$work/ready" &
    server=$!
    local line
    read -r line <"$work/ready" || fail "the stand-in did not start"
    endpoint=$(field endpoint "$line")
    admin=$(field admin "$line")
}

upload() {
    OSS_ACCESS_KEY_ID=ak OSS_ACCESS_KEY_SECRET=sk exec "$target/examples/c/upload" \
        --endpoint "$endpoint" --region cn-hangzhou --path-style --json \
        --task-num "$task_num" --part-size $((part_mib << 20)) "$work/file.bin" oss://demo/file.bin
}

upload_until_killed() {
    upload >"$work/run1.json" &
    uploader=$!
    while [ "$(parts_answered)" -lt "$kill_at" ]; do
        kill -0 "$uploader" 2>/dev/null || fail "run 1 ended before it could be killed"
        sleep 0.02
    done
    kill -9 "$uploader" 2>/dev/null || fail "run 1 ended before it could be killed"
    # The shell's own notice of the killed job is not part of the story.
    wait "$uploader" 2>/dev/null || true
    uploader=
}

sha256_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

say "Building the library, the C example and the OSS stand-in ..."
scripts/examples.sh
if [ -z "${OSS_SERVER:-}" ]; then cargo build --locked --package oss-server; fi

start_server
say "An OSS stand-in listens at $endpoint and takes $((bytes_per_s >> 20)) MiB/s."
head -c "$((mib << 20))" /dev/urandom >"$work/file.bin"
say "Uploading $mib MiB of random bytes in $parts parts, $task_num at a time ..."

upload_until_killed
say ""
sent_before=$(parts_answered)
say "Run 1: killed with SIGKILL after $sent_before of $parts parts. The same command again ..."

(upload) >"$work/run2.json" || fail "run 2 failed with exit status $?"
result=$(cat "$work/run2.json")
reused=$(field parts_reused "$result")
sent=$(field parts_sent "$result")
say "Run 2: reused $reused parts, sent $sent parts, and the object is complete."

ask '/-/object?bucket=demo&key=file.bin' >"$work/object.bin"
file_sum=$(sha256_of "$work/file.bin")
object_sum=$(sha256_of "$work/object.bin")
say "SHA-256 of the file:   $file_sum"
say "SHA-256 of the object: $object_sum"
twice=$(($(parts_answered) - parts))
say "Parts sent twice: $twice (those in flight at the kill; at most $task_num)."

[ "$file_sum" = "$object_sum" ] || fail "the object is not the file"
[ "$(field resumed "$result")" = true ] || fail "run 2 did not resume"
[ "$reused" -gt 0 ] || fail "run 2 reused nothing"
[ $((reused + sent)) -eq "$parts" ] || fail "run 2 does not account for every part"
[ "$twice" -ge 0 ] && [ "$twice" -le "$task_num" ] || fail "too much was sent twice"
[ ! -e "$work/file.bin.ucp" ] || fail "the record is still there"
say "The object equals the file."
