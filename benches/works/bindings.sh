# What the bindings add to the program in C: a large file in large parts, and many small files.
begin bindings
part_size=$((16 << 20))
random_file $((size_mib << 20))
parts=$(((bytes + part_size - 1) / part_size))
compare "$size_mib MiB" ossup ossup-cpp ossup-go ossup-java
table ossup wall wall/ cpu cpu/ rss requests
plot cpu "CPU seconds per GiB by language"
finish
rm "$file"

begin bindings_small
objects=2000 parts=0 bytes=$((2000 * (16 << 10)))
folder=$work/files
choose=choose_many
mkdir "$folder"
for ((number = 0; number < objects; number++)); do head -c 16384 /dev/urandom >"$folder/$number"; done
compare "$objects × 16 KiB" ossup ossup-cpp ossup-go ossup-java
table ossup wall wall/ each each/ rss requests
plot each "CPU milliseconds per object of 16 KiB by language"
finish
rm -r "$folder"
