# How much memory an upload takes, by the size of a part and by their number. What is sent is a file of nothing.
begin memory

# peak NAME BYTES PART_SIZE TASK_NUM
peak() {
    part_size=$3 task_num=$4 parts=$((($2 + $3 - 1) / $3))
    sparse_file "$2"
    compare "$1" raw ossup
}

# 16 of 64 MiB and 10 of 1 GiB, unless SIZE_MIB makes all smaller.
large=$((size_mib / 16)) huge=$size_mib
peak "16 × $large MiB, 8 at a time" $((size_mib << 20)) $((large << 20)) 8
peak "10 × $huge MiB, 8 at a time" $((10 * huge << 20)) $((huge << 20)) 8
peak '100 × 100 KiB, 4 at a time' $((100 * 100 << 10)) $((100 << 10)) 4
peak "$small_parts × 100 KiB, 4 at a time" $((small_parts * 100 << 10)) $((100 << 10)) 4
table raw rss wall cpu
plot rss "Peak RSS in MiB"
finish
