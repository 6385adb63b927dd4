#!/usr/bin/env bash
# Holds the link to its word: the time that it takes, the rate that one connection reaches, and what it loses.
set -euo pipefail
cd "$(dirname "$0")/../.."
. benches/lib.sh
. benches/link/link.sh

# within WHAT FOUND LEAST MOST
within() {
    say "$1: $2 ($3 to $4)"
    awk -v found="$2" -v least="$3" -v most="$4" 'BEGIN { exit !(found >= least && found <= most) }' || fail "$1: $2"
}

# of EXPRESSION: a number with three decimals.
of() { awk "BEGIN { printf \"%.3f\", $1 }"; }

# Milliseconds from a SYN to its answer, the least of some.
# shellcheck disable=SC2016 # it is expanded by the shell that runs it
round_trip_ms() {
    "${client_side[@]}" bash -c 'for try in 1 2 3 4 5; do
            began=$EPOCHREALTIME
            exec 3<>"/dev/tcp/${0%:*}/${0#*:}"
            ended=$EPOCHREALTIME
            echo $((${ended/./} - ${began/./}))
            exec 3>&-
        done' "${http#http://}" | sort -n | awk 'NR == 1 { print $1 / 1000 }'
}

# send BYTES CONNECTIONS
send() {
    random_file "$1"
    "${client_side[@]}" "$programs/raw" "$http" bench key "$file" $(($1 / $2)) "$2" - >/dev/null
}

# Mbit/s on the way up, from the second second to the fourth, which is after the start of a connection.
rate_mbit() {
    local began ended first last
    sleep 2
    began=$EPOCHREALTIME first=$(field up_bytes "$(link_counts)")
    sleep 2
    ended=$EPOCHREALTIME last=$(field up_bytes "$(link_counts)")
    of "($last - $first) * 8 / (${ended/./} - ${began/./})"
}

# What has come out at the server's end, by that end's own count.
arrived() { "${server_side[@]}" awk '$1 == "link0:" { print $3 }' /proc/net/dev; }

# How many packets were neither lost nor have come out, when those under way have had a second.
unaccounted() {
    local try counts missing
    for ((try = 0; try < 10; try++)); do
        counts=$(link_counts)
        missing=$(($(field up_packets "$counts") - $(field up_lost "$counts") - $(field up_dropped "$counts") - $(arrived)))
        if [ "$missing" -eq 0 ]; then break; fi
        sleep 0.1
    done
    echo "$missing"
}

make_work_folder
link_up reno delay_ms=50 rate_mbit=200 queue_kib=4096
start_server --listen "$link_server"
within 'round trip, ms' "$(round_trip_ms)" 100 105

send $((128 << 20)) 1 &
within 'rate of one connection, Mbit/s' "$(rate_mbit)" 190 201
wait $!
counts=$(link_counts)
within 'lost where nothing is to be lost' "$(($(field up_lost "$counts") + $(field down_lost "$counts")))" 0 0

# As many packets as this bring the share within a tenth of what was asked for.
link_set up.loss=0.05
send $((64 << 20)) 64
lost=$(field up_lost "$(link_counts)")
sent=$(($(field up_packets "$(link_counts)") - $(field up_packets "$counts")))
within 'share lost of what was sent' "$(of "$lost / $sent")" 0.045 0.055
within 'packets that nobody has counted' "$(unaccounted)" 0 0
