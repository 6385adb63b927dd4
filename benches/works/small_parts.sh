# As many parts as OSS allows, each of the smallest size it allows. Curl sends none.
begin small_parts
count_records=yes
part_size=$((100 << 10)) parts=$small_parts
random_file $((parts * part_size))
compare "$parts × 100 KiB" raw sendfile ossup ossup-bare opendal go-v2 java-v1 java-v2 oss2 python-v2 ali-oss
note curl "sends no parts"
table raw wall wall/ cpu cpu/ user sys rss requests record server
against ossup java-v1 wall
against ossup ossup-bare wall
against ossup ossup-bare cpu
plot wall "Seconds for $parts parts of 100 KiB"
finish
