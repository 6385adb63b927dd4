# To be sourced, at the top of the project: what all works share. A work has its files made, starts a server, lets programs
# compete, and has a table and a plot made of what they cost.
# shellcheck shell=bash disable=SC2034 # some variables are for who sources this

# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
export OSS_ACCESS_KEY_ID=ak OSS_ACCESS_KEY_SECRET=sk
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$PWD/$target ;; esac
programs=$target/benches
cores=$(getconf _NPROCESSORS_ONLN)

size_mib=${SIZE_MIB:-1024}
runs=${RUNS:-5}
# As many parts of 100 KiB, the smallest that OSS takes, as the file has; at most as many as OSS takes.
small_parts=$(((size_mib << 20) / (100 << 10)))
if [ "$small_parts" -gt 10000 ]; then small_parts=10000; fi
# A program whose first run takes longer than `slow_s` seconds gets `slow_runs` rounds.
slow_runs=${SLOW_RUNS:-1}
slow_s=20

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "bench: $*"
    exit 1
}

# With less, some uploads would be of a single part, which is another thing.
[ "$size_mib" -ge 64 ] || fail "SIZE_MIB has to be 64 at least"

. scripts/json.sh

# Everybody, in the order of the tables; a name is a program in target/benches.
peers='raw sendfile curl ossup opendal go-v2 java-v1 java-v2 oss2 python-v2 ali-oss'
official='go-v2 java-v1 java-v2 oss2 python-v2 ali-oss'

# wanted PROGRAM: PEERS says who takes part; without it, all do.
wanted() { [[ " ${PEERS:-$peers} " = *" ${1%-bare} "* ]]; }

work=
server=
stop_server() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    server=
}
clean_up() {
    stop_server
    if [ -n "$work" ]; then rm -rf "$work"; fi
}

# The disk is not what is measured: what is sent lies in memory where the system offers that and there is room.
make_work_folder() {
    local shm=/dev/shm free=0
    if [ -w "$shm" ]; then free=$(df -Pk "$shm" | awk 'NR == 2 { print int($4 / 1024) }'); fi
    if [ "$free" -gt $((size_mib + 64)) ]; then
        work=$(mktemp -d "$shm/ossup-bench.XXXXXX")
    else
        work=$(mktemp -d)
        say "No room in $shm: the files lie on the disk, which may slow down what is measured."
    fi
    trap clean_up EXIT
    trap 'exit 130' INT TERM
}

# What precedes a server's and a client's command line, for a work in which they are somewhere else.
server_side=()
client_side=()

# start_server [OPTION...]: a new stand-in that only counts. Sets `http`, `https`, `admin` and `authority`.
start_server() {
    local line
    stop_server
    authority=$work/ca.pem
    rm -f "$work/ready"
    mkfifo "$work/ready"
    "${server_side[@]}" "$target/release/oss-server" --counting --bucket bench --https --ca-out "$authority" "$@" \
        >"$work/ready" &
    server=$!
    read -r line <"$work/ready" || fail "the stand-in did not start"
    http=$(field endpoint "$line")
    https=$(field https_endpoint "$line")
    admin=$(field admin "$line")
    endpoint=$http
}

# ask PATH [METHOD [BODY]]: a question at the stand-in's admin port.
ask() { "${server_side[@]}" "$target/release/oss-server" ask "$admin$1" "${@:2}"; }

# random_file BYTES and sparse_file BYTES make what is sent: `file`, of so many `bytes`.
random_file() {
    file=$work/file.bin bytes=$1
    head -c "$bytes" /dev/urandom >"$file"
}
sparse_file() {
    file=$work/file.bin bytes=$1
    rm -f "$file"
    truncate -s "$bytes" "$file"
}

# choose_upload PROGRAM: sets `command` to its command line for what is at hand: `endpoint`, `file`, `part_size`, `task_num`.
# A name that ends in -bare is the same program without a checkpoint.
choose_upload() {
    local records=$work/records
    if [ "$1" != "${1%-bare}" ]; then records=-; fi
    command=("$programs/${1%-bare}" "$endpoint" bench file.bin "$file" "$part_size" "$task_num" "$records")
    if [ "$endpoint" = "$https" ]; then command+=("$authority"); fi
}

# choose_many PROGRAM: the same for all files of `folder`, each an object of its own.
choose_many() { command=("$programs/$1-many" "$endpoint" bench "$folder" "$task_num"); }

# What has to be so before each run of a program; it is not measured.
forget_records() {
    rm -rf "$work/records"
    mkdir "$work/records"
}

# Ends well if all that the server has is what it should have: so many objects and bytes, and the CRC-64s that everybody's have.
objects_are_right() {
    ask /-/objects | tr '{' '\n' | sed 1d >"$work/objects"
    awk -F '"size":' -v objects="$objects" -v bytes="$bytes" '
        { sum += $2 }
        END { exit NR != objects || sum != bytes }' "$work/objects" || return 1
    [ -s "$work/objects.expected" ] || cp "$work/objects" "$work/objects.expected"
    cmp -s "$work/objects" "$work/objects.expected"
}

# Those of whom it is expected that every part is sent once, so that no retry is in the numbers.
is_ours() { case $1 in raw | sendfile | ossup | ossup-bare) ;; *) false ;; esac }

# as_many SENT: whether the server has been sent as many parts as it should; any number will do where `parts` says so.
as_many() { [ "$parts" = any ] || [ "$1" -eq "$parts" ]; }

# measure PROGRAM: runs it once and sets `costs`; or says `why` it does not count.
measure() {
    local requests sent
    "$prepare" "$1"
    "$choose" "$1"
    ask /-/ledger DELETE
    ask /-/objects DELETE
    if ! costs=$("${client_side[@]}" "$programs/measure" "$server" "${command[@]}" 2>"$work/errors" | tail -n 1); then
        why="failed: $(tail -n 1 "$work/errors")"
        return 1
    fi
    if ! objects_are_right; then
        why="made an object of other bytes"
        return 1
    fi
    requests=$(ask /-/count)
    sent=$(ask '/-/count?operation=UploadPart')
    if ! as_many "$sent" && is_ours "$1"; then
        why="sent $sent parts instead of $parts"
        return 1
    fi
    costs="\"requests\":$requests,\"parts\":$sent,${costs#\{}"
}

# note PROGRAM TEXT: goes below the table, once.
note() {
    local line="- **$1** $2."
    say "$1: $2"
    if ! grep -qxF -e "$line" "$work/notes"; then printf '%s\n' "$line" >>"$work/notes"; fi
}

# take_turn NAME PROGRAM ROUND: one run, and one line of the results. What it wrote beyond what it writes without a checkpoint
# is its record.
take_turn() {
    local record=''
    measure "$2" || return 1
    if [ "$3" -eq 0 ]; then return; fi
    if [ -n "${bare[$2]:-}" ]; then record="\"record_bytes\":$(($(field written_bytes "$costs") - ${bare[$2]})),"; fi
    printf '{"work":"%s","program":"%s","round":%d,"bytes":%d,"objects":%d,%s%s\n' \
        "$1" "$2" "$3" "$bytes" "$objects" "$record" "$costs" >>"$results"
}

# Who keeps a record, and can do without.
keeps_record() { case $1 in ossup | go-v2 | java-v1 | java-v2 | oss2 | python-v2 | ali-oss) ;; *) false ;; esac }

# compare NAME PROGRAM...: a round to warm up, then rounds in which each program has its turn. `objects` and `parts` are how
# many the server shall have in the end.
compare() {
    local name=$1 round program
    # How many rounds each has, and how much it writes without a record.
    local -A rounds=() bare=()
    shift
    rm -f "$work/objects.expected"
    for program; do
        if wanted "$program" && is_here "$program"; then rounds[$program]=$runs; fi
    done
    for ((round = 0; round <= runs; round++)); do
        say "$name: round $round of $runs"
        for program; do
            if [ "${rounds[$program]:--1}" -lt "$round" ]; then continue; fi
            if ! take_turn "$name" "$program" "$round"; then
                if is_ours "$program"; then fail "$program $why"; fi
                note "$program" "$why"
                rounds[$program]=-1
            elif [ "$round" -eq 0 ]; then
                learn_from_first_turn "$program"
            fi
        done
    done
}

# The costs of a program's first turn do not count, but they tell what its others will be like. For `compare` alone.
learn_from_first_turn() {
    local wall sent
    wall=$(field wall_s "$costs")
    sent=$(field parts "$costs")
    if [ "${wall%.*}" -ge "$slow_s" ] && [ "$slow_runs" -lt "$runs" ]; then
        rounds[$1]=$slow_runs
        note "$1" "takes long: rounds for it: $slow_runs"
    fi
    if ! as_many "$sent" && [ "$1" != curl ]; then note "$1" "sent $sent parts instead of $parts"; fi
    if [ -n "$count_records" ] && keeps_record "$1"; then
        if measure "$1-bare"; then bare[$1]=$(field written_bytes "$costs"); else note "$1" "without a checkpoint $why"; fi
    fi
}

# A program that could not be built says why.
is_here() {
    [ ! -e "$programs/${1%-bare}.absent" ] || {
        note "$1" "is not here: $(cat "$programs/${1%-bare}.absent")"
        return 1
    }
}

# begin WORK [OPTION...]: what follows is a work of this name, with a server of its own; `finish` puts its page together. A work
# may name functions of its own in `choose` and `prepare`.
begin() {
    work_name=$1
    results=$programs/$1.jsonl
    page=$work/$1.md
    objects=1 count_records='' task_num=4
    choose=choose_upload prepare=forget_records
    : >"$results"
    : >"$page"
    : >"$work/notes"
    start_server "${@:2}"
}

# table BASE COLUMN...: of all results so far; a column that ends in / is the ratio to BASE in the same round.
table() {
    base=$1
    awk -v cores="$cores" -v base="$base" -v columns="${*:2}" -f benches/results.awk -f benches/table.awk "$results" >>"$page"
}

# against PROGRAM OTHERS COLUMN: a note that tells how the cost of a program compares with the least of the others.
against() {
    awk -v program="$1" -v others="$2" -v column="$3" -f benches/results.awk -f benches/against.awk "$results" >>"$work/notes"
}

# plot COLUMN TITLE: one column of the results as bars, with their ratios to the table's BASE.
plot() {
    awk -v column="$1" -v title="$2" -v base="$base" -f benches/results.awk -f benches/plot.awk "$results" \
        >"$programs/$work_name.svg"
    printf '\n![%s](performance/%s.svg)\n' "$2" "$work_name" >>"$page"
}

# Ends a work: its page, which UPDATE=1 puts into docs/PERFORMANCE.md between its two markers.
finish() {
    stop_server
    if [ -s "$work/notes" ]; then
        echo >>"$page"
        cat "$work/notes" >>"$page"
    fi
    cat "$page"
    if [ "${UPDATE:-}" = 1 ]; then
        mkdir -p docs/performance
        if [ -e "$programs/$work_name.svg" ]; then cp "$programs/$work_name.svg" docs/performance/; fi
        awk -v name="$work_name" -v page="$page" -f benches/insert.awk docs/PERFORMANCE.md >"$work/whole.md"
        cat "$work/whole.md" >docs/PERFORMANCE.md
    fi
}
