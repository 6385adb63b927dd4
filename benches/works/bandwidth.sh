# How well an upload keeps to its bandwidth cap, as the server has it arrive: four seconds' worth of bytes at each.
begin bandwidth

# choose_capped PROGRAM: it is told the cap in place of where records are kept.
choose_capped() {
    choose_upload "$1"
    command[7]=$cap
}
choose=choose_capped

# capped CAP PART_SIZE
capped() {
    cap=$1 part_size=$2 parts=$(((4 * cap + part_size - 1) / part_size))
    sparse_file $((4 * cap))
    for task_num in 1 8; do
        endpoint=$http
        compare "$cap bytes/s, TaskNum $task_num, HTTP" ossup-capped
        endpoint=$https
        compare "$cap bytes/s, TaskNum $task_num, HTTPS" ossup-capped
    done
}

peers="$peers ossup-capped"
capped $((256 << 10)) $((100 << 10))
capped $((1 << 20)) $((100 << 10))
capped $((10 << 20)) $((1 << 20))
capped $((100 << 20)) $((16 << 20))
awk -v cores="$cores" -f benches/results.awk -f benches/caps.awk "$results" >>"$page"
finish
