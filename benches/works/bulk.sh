# The usual case: a large file in large parts, over HTTP and over HTTPS.
begin bulk
count_records=yes
part_size=$((16 << 20))
random_file $((size_mib << 20))
parts=$(((bytes + part_size - 1) / part_size))
compare "$size_mib MiB, HTTP" raw sendfile curl ossup ossup-bare opendal go-v2 java-v1 java-v2 oss2 python-v2 ali-oss
table raw wall wall/ cpu cpu/ user sys rss requests record server
against ossup "$official" cpu
against ossup ossup-bare wall
against ossup ossup-bare cpu
plot cpu "CPU seconds per GiB over HTTP"
finish

# Nobody sends raw over TLS: what it takes at least is curl's.
begin bulk_https
endpoint=$https
compare "$size_mib MiB, HTTPS" curl ossup opendal go-v2 java-v1 java-v2 oss2 python-v2 ali-oss
table curl wall wall/ cpu cpu/ user sys rss requests server
against ossup "$official" cpu
plot cpu "CPU seconds per GiB over HTTPS"
finish
