# To be sourced after lib.sh: a slow, lossy link between two network namespaces. The process `link` is all that holds it: when
# that ends, as it does with the script, nothing is left.
# shellcheck shell=bash

link_client=10.73.0.1
link_server=10.73.0.2
# The far end is on this machine as well.
export no_proxy=$no_proxy,$link_server NO_PROXY=$NO_PROXY,$link_server

# Says what is missing here for a link; nothing if it can be.
link_lacks() {
    local needed
    if [ "$(id -u)" -ne 0 ]; then
        echo 'it takes root to make network namespaces and TUN devices'
        return
    fi
    for needed in ip nsenter setpriv /dev/net/tun; do
        if [ ! -e "$needed" ] && ! command -v "$needed" >/dev/null; then
            echo "there is no $needed"
            return
        fi
    done
}

# link_up CONGESTION_CONTROL SETTING...: makes the link, and has servers and clients start at its ends. The settings are those
# of settings.h, and LINK_SEED says which packets are lost.
link_up() {
    local congestion=$1 line lacking
    shift
    lacking=$(link_lacks)
    [ -z "$lacking" ] || fail "no link: $lacking"
    # What runs on a busy machine may be late, but the line may not.
    coproc LINK { exec nice -n -15 "$programs/link" "${LINK_SEED:-1}" "$@"; }
    read -r line <&"${LINK[0]}" || fail "the link did not start"
    # A server whose script was killed ends with it.
    client_side=(nsenter --net="$(field client "$line")")
    server_side=(nsenter --net="$(field server "$line")" setpriv --pdeathsig KILL)
    "${client_side[@]}" bash -c "$link_end" client "$link_client" "$link_server" "$congestion" ||
        fail "the client's end of the link cannot be set up"
    "${server_side[@]}" bash -c "$link_end" server "$link_server" "$link_client" "$congestion" ||
        fail "the server's end of the link cannot be set up"
}

# Sets up one end from inside: an address, no packets that nobody asked for, and no memory of the connections before.
# shellcheck disable=SC2016 # it is expanded by the shell that runs it
link_end='set -e
    echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
    echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save
    echo "$3" >/proc/sys/net/ipv4/tcp_congestion_control
    ip link set lo up
    ip address add "$1" peer "$2" dev link0
    ip link set link0 mtu 1500 txqueuelen 10000 up'

# link_set SETTING...: holds from now on.
link_set() { printf '%s\n' "$*" >&"${LINK[1]}"; }

# What the link has carried and lost so far, as a line of JSON.
link_counts() {
    local line
    printf 'counts\n' >&"${LINK[1]}"
    read -r line <&"${LINK[0]}" || fail "the link has ended"
    printf '%s\n' "$line"
}

link_down() {
    local process=$LINK_PID
    exec {LINK[1]}>&-
    wait "$process" || true
    client_side=() server_side=()
}
