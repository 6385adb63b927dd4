# Two lines of 200 Mbit/s with a round trip of 100 ms: one loses 1 % of the packets, so that a connection is slow whatever the
# line could carry, and only more of them help; the other loses none.
. benches/link/link.sh

# over LINE AMOUNTS [SETTING]: everybody over this line. An amount is TASK_NUM:MIB, so many parts at a time and so much to send;
# TaskNum 0 is given 64 MiB.
over() {
    local line=$1 amounts=$2 setting=${3:-} amount mib who
    link_up reno delay_ms=50 rate_mbit=200 queue_kib=2048 "${@:3}"
    begin "$line" --listen "$link_server"
    part_size=$((1 << 20))
    for amount in $amounts; do
        task_num=${amount%:*} mib=${amount#*:}
        random_file $((mib << 20))
        parts=$mib
        who='raw ossup go-v2 java-v1'
        # One part at a time takes long, and tells little of a client.
        if [ "$task_num" -eq 1 ]; then who='raw ossup'; fi
        # shellcheck disable=SC2086 # they are words
        compare "TaskNum $task_num, $mib MiB" $who
    done
    task_num=0
    compare 'TaskNum 0, 64 MiB' ossup
    part_size=0 parts=any
    compare 'TaskNum 0 and PartSize 0, 64 MiB' ossup
    table raw goodput goodput/ wall cpu rss requests
    awk -f benches/results.awk -f benches/adaptive.awk "$results" >>"$work/notes"
    plot goodput "MiB/s over 200 Mbit/s and a round trip of 100 ms${setting:+, $setting}"
    finish
    link_down
}

# Who asks for everything gets what there can be.
if [ -z "${WORKS:-}" ] && [ -n "$(link_lacks)" ]; then
    say "link is left out: $(link_lacks)"
else
    # These rounds are long, and what a machine does meanwhile counts for little in them.
    runs_elsewhere=$runs
    runs=${RUNS:-2}
    over link_loss '1:2 4:4 16:16 64:64' loss=0.01
    over link '1:64 4:64 16:64 64:64'
    runs=$runs_elsewhere
fi
