# A server that takes four parts at a time and answers 503 to more. A part takes it some time, so that its turns count.
begin throttled --latency-ms 50 --throttle-per-connection $((10 << 20)) \
    --fault '{"when":{"operation":"UploadPart","beyond":4},"then":{"kind":"refuse_early"}}'
part_size=$((1 << 20))
random_file $((128 << 20))

task_num=4 parts=128
compare 'TaskNum 4' raw ossup go-v2 java-v1
# What was refused is sent again.
parts=any
task_num=16
compare 'TaskNum 16' ossup go-v2 java-v1
task_num=0
compare 'TaskNum 0' ossup
table ossup goodput wall cpu requests
awk -f benches/results.awk -f benches/adaptive.awk "$results" >>"$work/notes"
plot goodput "MiB/s to a server that answers 503 above four parts at a time"
finish
