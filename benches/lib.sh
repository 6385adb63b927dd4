# To be sourced, at the top of the project: what all works share. A work begins with a server of its own, makes what is sent,
# lets programs compete, and has a table and a plot made of what they cost.
# shellcheck shell=bash disable=SC2034 # some variables are for who sources this

# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
export OSS_ACCESS_KEY_ID=ak OSS_ACCESS_KEY_SECRET=sk
target=${CARGO_TARGET_DIR:-target}
case $target in /*) ;; *) target=$PWD/$target ;; esac
programs=$target/benches
# One that is named is used as it is; what is measured beside it is of no worth then, unless it was built for speed.
stand_in=${OSS_SERVER:-$target/release/oss-server}
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
. benches/contest.sh
. benches/page.sh

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
    "${server_side[@]}" "$stand_in" --counting --bucket bench --https --ca-out "$authority" "$@" \
        >"$work/ready" &
    server=$!
    read -r line <"$work/ready" || fail "the stand-in did not start"
    http=$(field endpoint "$line")
    https=$(field https_endpoint "$line")
    admin=$(field admin "$line")
    endpoint=$http
}

# ask PATH [METHOD [BODY]]: a question at the stand-in's admin port.
ask() { "${server_side[@]}" "$stand_in" ask "$admin$1" "${@:2}"; }

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
