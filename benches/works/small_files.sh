# Many small files through one client, four at a time. Nobody keeps a record of what is a single request.
begin small_files
objects=2000 parts=0 bytes=$((2000 * (16 << 10)))
folder=$work/files
choose=choose_many
mkdir "$folder"
for ((number = 0; number < objects; number++)); do head -c 16384 /dev/urandom >"$folder/$number"; done
compare "$objects × 16 KiB" raw ossup opendal go-v2 java-v1 java-v2 oss2 python-v2 ali-oss
note curl "has no client that would serve for many files at a time"
table raw wall wall/ each each/ rss requests
against ossup opendal each
plot each "CPU milliseconds per object of 16 KiB"
finish
rm -r "$folder"
