# How well an upload keeps to a bandwidth cap: four seconds' worth of bytes at each.
begin bandwidth

# choose_capped ossup: the same upload, which is told `cap` where others are told a place for records.
choose_capped() {
    choose_upload "$1"
    command[0]=$programs/ossup-capped
    command[7]=$cap
}
choose=choose_capped

# capped CAP PART_SIZE
capped() {
    cap=$1 part_size=$2 parts=$(((4 * $1 + $2 - 1) / $2))
    sparse_file $((4 * cap))
    for task_num in 1 8; do
        endpoint=$http
        compare "$cap bytes/s, TaskNum $task_num, HTTP" ossup
        endpoint=$https
        compare "$cap bytes/s, TaskNum $task_num, HTTPS" ossup
    done
}

capped $((256 << 10)) $((100 << 10))
capped $((1 << 20)) $((100 << 10))
capped $((10 << 20)) $((1 << 20))
capped $((100 << 20)) $((16 << 20))
awk -v cores="$cores" -f benches/results.awk -f benches/caps.awk "$results" >>"$page"
finish
