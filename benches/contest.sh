# To be sourced by lib.sh: who runs, how, what it costs, and whether that counts.
# shellcheck shell=bash disable=SC2034,SC2154 # what is shared with lib.sh and the works

# Everybody, in the order of the tables; a name is a program in target/benches.
peers='raw sendfile curl ossup ossup-cpp ossup-go ossup-java opendal go-v2 java-v1 java-v2 oss2 python-v2 ali-oss'
official='go-v2 java-v1 java-v2 oss2 python-v2 ali-oss'

# wanted PROGRAM: PEERS says who takes part; without it, all do.
wanted() { [[ " ${PEERS:-$peers} " = *" ${1%-bare} "* ]]; }

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
