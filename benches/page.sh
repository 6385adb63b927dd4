# To be sourced by lib.sh: from a work's results to its part of docs/PERFORMANCE.md.
# shellcheck shell=bash disable=SC2034,SC2154 # what is shared with lib.sh and the works

# begin WORK [OPTION...]: what follows is a work of this name, with a server of its own; `finish` puts its page together. A work
# may name functions of its own in `choose` and `prepare`.
begin() {
    work_name=$1
    results=$programs/$1.jsonl
    page=$work/$1.md
    objects=1 count_records='' task_num=4
    choose=choose_upload prepare=forget_records
    rm -f "$programs/$1.svg"
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
    awk -v subject="$1" -v others="$2" -v column="$3" -f benches/results.awk -f benches/against.awk "$results" >>"$work/notes"
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
